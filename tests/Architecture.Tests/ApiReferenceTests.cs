using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Routing;

namespace AiPlatform.Architecture.Tests;

/// <summary>What the API reference needs of an action: a name, and under that name examples in <c>src/Api/OpenApi/Examples</c>.</summary>
public sealed class ApiReferenceTests
{
    private const string Folder = "OpenApi/Examples/";

    private static readonly HashSet<string> Examples = Sources.Api.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => name[Folder.Length..]).ToHashSet();

    [Fact]
    public void Every_action_has_a_name_of_its_own()
    {
        Actions.Where(action => NameOf(action) is null).Select(Describe).ShouldBeEmpty();
        Actions.GroupBy(NameOf).Where(same => same.Count() > 1).Select(same => same.Key).ShouldBeEmpty();
    }

    [Fact]
    public void Every_action_that_takes_a_body_has_an_example_of_it() =>
        Actions.Where(action => TakesBody(action) && !HasExample(NameOf(action), "request")).Select(Describe).ShouldBeEmpty();

    [Fact]
    public void Every_action_that_answers_something_has_an_example_of_it() =>
        Actions.Where(action => Answers(action) && !HasExample(NameOf(action), "response") && !HasStream(NameOf(action))).Select(Describe).ShouldBeEmpty();

    [Fact]
    public void No_example_is_left_of_an_action_that_is_gone()
    {
        var names = Actions.Select(NameOf).ToHashSet();
        Examples.Where(example => !names.Contains(example.Split('.')[0])).ShouldBeEmpty();
    }

    [Fact]
    public void The_rules_see_what_is_there()
    {
        Actions.Count().ShouldBeGreaterThan(20);
        Actions.Count(TakesBody).ShouldBeGreaterThan(5);
        Actions.Where(action => !Answers(action)).Select(NameOf).ShouldBe(["signOut"]);
    }

    [Fact]
    public void The_rules_catch_an_action_without_name_and_examples()
    {
        var action = typeof(WrongController).GetMethod(nameof(WrongController.Create))!;
        NameOf(action).ShouldBeNull();
        TakesBody(action).ShouldBeTrue();
        Answers(action).ShouldBeTrue();
        HasExample("createNothing", "request").ShouldBeFalse();
    }

    private static IEnumerable<MethodInfo> Actions => Sources.TypesOf(Sources.Api).Where(type => typeof(ControllerBase).IsAssignableFrom(type))
        .SelectMany(controller => controller.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => method.IsDefined(typeof(HttpMethodAttribute)));

    private static string? NameOf(MethodInfo action) => action.GetCustomAttributes<HttpMethodAttribute>().Select(attribute => attribute.Name).FirstOrDefault();

    private static bool TakesBody(MethodInfo action) => action.GetParameters().Any(parameter => parameter.IsDefined(typeof(FromBodyAttribute)));

    private static bool Answers(MethodInfo action) => action.GetCustomAttributes<ProducesResponseTypeAttribute>().All(attribute => attribute.StatusCode != 204);

    private static bool HasExample(string? name, string kind) => Examples.Contains($"{name}.{kind}.json");

    // Of what answers with events and nothing else.
    private static bool HasStream(string? name) => Examples.Contains($"{name}.stream.txt");

    private static string Describe(MethodInfo action) => $"{action.DeclaringType!.Name}.{action.Name}";

    private sealed class WrongController : ControllerBase
    {
        [HttpPost]
        public object Create([FromBody] object body) => (Url, body);
    }
}
