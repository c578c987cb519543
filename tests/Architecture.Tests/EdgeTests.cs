using System.Reflection;
using AiPlatform.Application.Identity.Contracts;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Architecture.Tests;

/// <summary>Controllers dispatch: they get the mediator, hand on the token, and let nobody in unasked.</summary>
public sealed class EdgeTests
{
    /// <summary>
    /// Signing in recognises the caller in mid-request, after authentication had nobody to recognise; the use cases behind the same request must then run
    /// as that caller. No other controller has such a moment.
    /// </summary>
    private static readonly (string Controller, Type Dependency)[] MoreThanTheMediator = [("SessionController", typeof(CallerContext))];

    /// <summary>How one gets in.</summary>
    private static readonly string[] OpenToAll = ["SessionController.SignIn", "SessionController.SignInByLink"];

    [Fact]
    public void Controllers_depend_on_the_mediator_alone() => Controllers.SelectMany(ForbiddenDependencies).ShouldBeEmpty();

    [Fact]
    public void Nothing_at_the_edge_uses_a_database_context() =>
        Sources.TypesOf(Sources.Api).Where(type => !type.IsNested).SelectMany(UsedContexts).ShouldBeEmpty();

    [Fact]
    public void Every_action_takes_a_cancellation_token() => Controllers.SelectMany(ActionsWithoutToken).ShouldBeEmpty();

    [Fact]
    public void Every_controller_demands_authorisation() => Controllers.Where(IsOpen).Select(type => type.Name).ShouldBeEmpty();

    [Fact]
    public void Only_signing_in_is_open_to_all() => Controllers.SelectMany(AnonymousActions).Except(OpenToAll).ShouldBeEmpty();

    [Fact]
    public void The_rules_see_what_is_there()
    {
        Controllers.Count().ShouldBeGreaterThan(5);
        Controllers.SelectMany(Actions).Count().ShouldBeGreaterThan(20);
        Controllers.SelectMany(AnonymousActions).ShouldBe(OpenToAll, ignoreOrder: true);
    }

    [Fact]
    public void The_rules_catch_a_controller_that_does_it_all_itself()
    {
        ForbiddenDependencies(typeof(WrongController)).ShouldBe(["WrongController(SampleDb)", "WrongController(CallerContext)"]);
        UsedContexts(typeof(WrongController)).ShouldContain("WrongController uses SampleDb");
        ActionsWithoutToken(typeof(WrongController)).ShouldBe(["WrongController.Get"]);
        IsOpen(typeof(WrongController)).ShouldBeTrue();
        AnonymousActions(typeof(WrongController)).ShouldBe(["WrongController.Get"]);
    }

    private static IEnumerable<Type> Controllers => Sources.Types.Where(type => typeof(ControllerBase).IsAssignableFrom(type) && !type.IsAbstract);

    private static IEnumerable<string> ForbiddenDependencies(Type controller) =>
        from constructor in controller.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
        from parameter in constructor.GetParameters()
        where parameter.ParameterType != typeof(IMediator) && !MoreThanTheMediator.Contains((controller.Name, parameter.ParameterType))
        select $"{controller.Name}({parameter.ParameterType.Name})";

    private static IEnumerable<string> UsedContexts(Type type) =>
        UsedTypes.Of(type).Where(used => typeof(DbContext).IsAssignableFrom(used)).Select(used => $"{type.Name} uses {used.Name}");

    private static IEnumerable<MethodInfo> Actions(Type controller) => controller
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && !method.IsDefined(typeof(NonActionAttribute)));

    private static IEnumerable<string> ActionsWithoutToken(Type controller) => Actions(controller)
        .Where(action => action.GetParameters().All(parameter => parameter.ParameterType != typeof(CancellationToken)))
        .Select(action => $"{controller.Name}.{action.Name}");

    private static bool IsOpen(Type controller) => !controller.IsDefined(typeof(AuthorizeAttribute), inherit: true) || controller.IsDefined(typeof(AllowAnonymousAttribute), inherit: true);

    private static IEnumerable<string> AnonymousActions(Type controller) =>
        Actions(controller).Where(action => action.IsDefined(typeof(AllowAnonymousAttribute))).Select(action => $"{controller.Name}.{action.Name}");

    private sealed class SampleDb : DbContext;

    [AllowAnonymous]
    private sealed class WrongController(SampleDb db, CallerContext context) : ControllerBase
    {
        [AllowAnonymous]
        public object Get() => (db.ContextId, context.IsSystem);
    }
}
