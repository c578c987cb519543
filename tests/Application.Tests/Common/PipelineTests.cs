using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application.Tests.Common;

/// <summary>Behaviours run for every shape of request. A constraint too many on one, and it would silently run for none.</summary>
public sealed class PipelineTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddApplication()
        .AddSingleton<IValidator<ForNothing>, ForNothingValidator>()
        .AddSingleton<IValidator<ForAValue>, ForAValueValidator>()
        .AddSingleton<IValidator<ForAStream>, ForAStreamValidator>()
        .AddSingleton<IRequestHandler<ForNothing, Unit>, Handler>()
        .AddSingleton<IRequestHandler<ForAValue, string>, Handler>()
        .AddSingleton<IRequestHandler<ForAStream, IAsyncEnumerable<int>>, Handler>()
        .BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_request_for_nothing_is_validated()
    {
        await SendAsync(new ForNothing("good"));
        await ShouldBeRefusedAsync(() => SendAsync(new ForNothing("")));
    }

    [Fact]
    public async Task A_request_for_a_value_is_validated()
    {
        (await SendAsync(new ForAValue("good"))).ShouldBe("good");
        await ShouldBeRefusedAsync(() => SendAsync(new ForAValue("")));
    }

    [Fact]
    public async Task A_request_for_a_stream_is_validated_before_its_first_event()
    {
        var seen = new List<int>();
        await foreach (var number in await SendAsync(new ForAStream("good"))) seen.Add(number);
        seen.ShouldBe([1, 2]);
        await ShouldBeRefusedAsync(() => SendAsync(new ForAStream("")));
    }

    private static async Task ShouldBeRefusedAsync(Func<Task> send)
    {
        var errors = (await Should.ThrowAsync<ValidationException>(send())).Errors;
        errors.ShouldHaveSingleItem().PropertyName.ShouldBe("some_word", "fields are named as the wire does");
    }

    private async Task<T> SendAsync<T>(IRequest<T> request)
    {
        await using var scope = _services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, CancellationToken.None);
    }

    private sealed record ForNothing(string SomeWord) : IRequest;

    private sealed record ForAValue(string SomeWord) : IRequest<string>;

    private sealed record ForAStream(string SomeWord) : IRequest<IAsyncEnumerable<int>>;

    private sealed class ForNothingValidator : AbstractValidator<ForNothing>
    {
        public ForNothingValidator() => RuleFor(request => request.SomeWord).NotEmpty();
    }

    private sealed class ForAValueValidator : AbstractValidator<ForAValue>
    {
        public ForAValueValidator() => RuleFor(request => request.SomeWord).NotEmpty();
    }

    private sealed class ForAStreamValidator : AbstractValidator<ForAStream>
    {
        public ForAStreamValidator() => RuleFor(request => request.SomeWord).NotEmpty();
    }

    private sealed class Handler : IRequestHandler<ForNothing, Unit>, IRequestHandler<ForAValue, string>, IRequestHandler<ForAStream, IAsyncEnumerable<int>>
    {
        public Task<Unit> Handle(ForNothing request, CancellationToken cancellationToken) => Unit.Task;

        public Task<string> Handle(ForAValue request, CancellationToken cancellationToken) => Task.FromResult(request.SomeWord);

        public Task<IAsyncEnumerable<int>> Handle(ForAStream request, CancellationToken cancellationToken) => Task.FromResult(Numbers());

        private static async IAsyncEnumerable<int> Numbers()
        {
            yield return 1;
            await Task.Yield();
            yield return 2;
        }
    }
}
