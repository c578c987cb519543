using System.Reflection;
using FluentValidation;
using MediatR;

namespace AiPlatform.Architecture.Tests;

/// <summary>How a use case is written: a record that is sent, and behind it what nobody outside needs to see.</summary>
public sealed class UseCaseTests
{
    private static readonly Type[] Machinery =
        [typeof(IRequestHandler<,>), typeof(INotificationHandler<>), typeof(IPipelineBehavior<,>), typeof(IValidator<>)];

    [Fact]
    public void Handlers_validators_and_behaviours_are_internal_and_sealed() =>
        Sources.Types.Where(IsMachinery).Where(IsExposed).Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void Requests_are_sealed_records() => Sources.Types.Where(IsRequest).Where(IsNoSealedRecord).Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void Every_request_has_one_handler()
    {
        var handled = Sources.Types.Where(IsMachinery).SelectMany(RequestsOf).ToLookup(request => request);
        Sources.Types.Where(IsRequest).Where(request => handled[request].Count() != 1).Select(type => type.FullName).ShouldBeEmpty();
    }

    [Fact]
    public void The_rules_see_what_is_there()
    {
        Sources.Types.Count(IsMachinery).ShouldBeGreaterThan(20);
        Sources.Types.Count(IsRequest).ShouldBeGreaterThan(20);
        Sources.Types.ShouldContain(type => type.Name == "ValidationBehaviour`2" && IsMachinery(type));
    }

    [Fact]
    public void The_rules_catch_machinery_that_is_exposed_or_open()
    {
        IsMachinery(typeof(PublicHandler)).ShouldBeTrue();
        IsMachinery(typeof(OpenValidator)).ShouldBeTrue();
        IsMachinery(typeof(PublicBehaviour<,>)).ShouldBeTrue();
        IsExposed(typeof(PublicHandler)).ShouldBeTrue();
        IsExposed(typeof(OpenValidator)).ShouldBeTrue();
        IsExposed(typeof(PublicBehaviour<,>)).ShouldBeTrue();
        IsExposed(typeof(GoodHandler)).ShouldBeFalse();
    }

    [Fact]
    public void The_rules_catch_a_request_that_is_a_class_or_open_or_handled_twice()
    {
        IsNoSealedRecord(typeof(ClassRequest)).ShouldBeTrue();
        IsNoSealedRecord(typeof(OpenRequest)).ShouldBeTrue();
        IsNoSealedRecord(typeof(GoodRequest)).ShouldBeFalse();
        new[] { typeof(PublicHandler), typeof(GoodHandler) }.SelectMany(RequestsOf).ShouldBe([typeof(ClassRequest), typeof(ClassRequest)]);
    }

    private static bool IsMachinery(Type type) => type is { IsClass: true, IsAbstract: false } && Contracts(type).Any(contract => Machinery.Contains(contract.GetGenericTypeDefinition()));

    private static IEnumerable<Type> RequestsOf(Type handler) =>
        Contracts(handler).Where(contract => contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)).Select(contract => contract.GetGenericArguments()[0]);

    private static IEnumerable<Type> Contracts(Type type) => type.GetInterfaces().Where(contract => contract.IsGenericType);

    private static bool IsRequest(Type type) => type is { IsInterface: false, IsAbstract: false } && typeof(IBaseRequest).IsAssignableFrom(type);

    private static bool IsExposed(Type type) => type.IsVisible || !type.IsSealed;

    // Only records have this method.
    private static bool IsNoSealedRecord(Type type) => !type.IsSealed || type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is null;

    public sealed class ClassRequest : IRequest<int>;

    public record OpenRequest : IRequest<int>;

    public sealed record GoodRequest : IRequest<int>;

    public sealed class PublicHandler : IRequestHandler<ClassRequest, int>
    {
        public Task<int> Handle(ClassRequest request, CancellationToken cancellationToken) => Task.FromResult(0);
    }

    internal sealed class GoodHandler : IRequestHandler<ClassRequest, int>
    {
        public Task<int> Handle(ClassRequest request, CancellationToken cancellationToken) => Task.FromResult(0);
    }

    internal class OpenValidator : AbstractValidator<GoodRequest>;

    public sealed class PublicBehaviour<TRequest, TResponse> : IPipelineBehavior<TRequest, TResponse>
    {
        public Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next) => next();
    }
}
