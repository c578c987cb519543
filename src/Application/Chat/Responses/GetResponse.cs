using AiPlatform.Application.Chat.Wire;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>The response object as it is now, as JSON.</summary>
public sealed record GetResponse(string Id, bool? Stream) : IRequest<ReadOnlyMemory<byte>>;

internal sealed class GetResponseValidator : AbstractValidator<GetResponse>
{
    public GetResponseValidator() => RuleFor(request => request.Stream).Must(stream => stream is not true).WithState(_ => "unsupported_parameter")
        .WithMessage("a stream cannot be taken up again yet; leave it out and ask until the status is final.");
}

internal sealed class GetResponseHandler(IChatDb db, TimeProvider clock) : IRequestHandler<GetResponse, ReadOnlyMemory<byte>>
{
    public async Task<ReadOnlyMemory<byte>> Handle(GetResponse request, CancellationToken cancellationToken)
    {
        var response = await db.RequireResponseAsync(request.Id, clock.GetUtcNow(), cancellationToken);
        return ResponseJson.ToJson(response, await db.OutputOfAsync(response.Id, cancellationToken));
    }
}
