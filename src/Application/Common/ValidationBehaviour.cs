using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Common;

/// <summary>Runs every validator of a request before its handler. The only place where requests are validated.</summary>
internal sealed class ValidationBehaviour<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : notnull
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        foreach (var validator in validators)
        {
            var result = await validator.ValidateAsync(request, cancellationToken);
            if (!result.IsValid) throw new ValidationException(result.Errors);
        }

        return await next();
    }
}
