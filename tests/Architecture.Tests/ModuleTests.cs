using System.Text.RegularExpressions;

namespace AiPlatform.Architecture.Tests;

/// <summary>Which module knows which, in Domain and in Application.</summary>
public sealed partial class ModuleTests
{
    /// <summary>A module that is missing here fails the tests until somebody has decided what it may use.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Chat"] = ["Knowledge", "Inference", "Usage"],
        ["Batches"] = ["Chat", "Knowledge", "Inference", "Usage"],
        ["Knowledge"] = ["Inference", "Usage"],
        ["Inference"] = ["Usage"],
        ["Usage"] = [],
        ["Identity"] = [],
        ["Common"] = [],
    };

    /// <summary>What everyone may use: who is calling, and what belongs to nobody.</summary>
    private static readonly string[] ForAll = ["Identity", "Common"];

    [Fact]
    public void Every_type_is_in_a_module_of_the_table() => Ours.Where(IsOutsideTheTable).Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void Modules_use_only_what_the_table_allows() => Ours.SelectMany(ForbiddenArrows).ShouldBeEmpty();

    [Fact]
    public void In_Application_another_module_is_used_through_its_contracts() => Ours.SelectMany(PassedContracts).ShouldBeEmpty();

    [Fact]
    public void The_rules_see_what_is_there()
    {
        Ours.Select(type => ModuleOf(type)?.Name).ShouldContain("Chat");
        Ours.SelectMany(ArrowsOf).Select(arrow => (arrow.From.Name, arrow.To.Name)).ShouldContain(("Chat", "Inference"));
    }

    [Theory]
    [InlineData(typeof(Application.Usage.SampleThatHasAFieldOfChat))]
    [InlineData(typeof(Application.Usage.SampleThatNewsUpChatInALambda))]
    [InlineData(typeof(Application.Usage.SampleThatNamesChatInAnAttribute))]
    [InlineData(typeof(Domain.Usage.SampleThatCallsChatAsynchronously))]
    public void The_rule_catches_an_arrow_that_points_back(Type sample) =>
        ForbiddenArrows(sample).ShouldContain(arrow => arrow.StartsWith($"{sample.FullName} -> AiPlatform.", StringComparison.Ordinal) && arrow.Contains(".Chat.", StringComparison.Ordinal));

    [Fact]
    public void The_rule_catches_a_way_past_the_contracts() => PassedContracts(typeof(Application.Chat.SampleThatPassesTheContracts))
        .ShouldBe(["AiPlatform.Application.Chat.SampleThatPassesTheContracts -> AiPlatform.Application.Inference.ListModels"]);

    [Fact]
    public void The_rule_catches_a_module_nobody_decided_on()
    {
        IsOutsideTheTable(typeof(Application.Surprises.SampleOfANewModule)).ShouldBeTrue();
        IsOutsideTheTable(typeof(Application.Chat.SampleThatPassesTheContracts)).ShouldBeFalse();
    }

    private static IEnumerable<Type> Ours => Sources.TypesOf(Sources.Domain).Concat(Sources.TypesOf(Sources.Application)).Where(type => !type.IsNested);

    private static IEnumerable<string> ForbiddenArrows(Type type) =>
        from arrow in ArrowsOf(type)
        where !MayUse.GetValueOrDefault(arrow.From.Name, []).Contains(arrow.To.Name) && !ForAll.Contains(arrow.To.Name)
        select $"{type.FullName} -> {arrow.Used.FullName}";

    private static IEnumerable<string> PassedContracts(Type type) =>
        from arrow in ArrowsOf(type)
        where arrow.To is { Layer: "Application", Name: not "Common", IsContract: false }
        select $"{type.FullName} -> {arrow.Used.FullName}";

    /// <summary>What of other modules a type uses.</summary>
    private static IEnumerable<(Module From, Module To, Type Used)> ArrowsOf(Type type) =>
        ModuleOf(type) is not { } from ? [] :
        from used in UsedTypes.Of(type)
        let to = ModuleOf(used)
        where to is not null && to.Name != @from.Name
        select (@from, to, used);

    /// <summary>The roots of the layers, which put the modules together, are in none.</summary>
    private static bool IsOutsideTheTable(Type type) => ModuleOf(type) is { } module
        ? !MayUse.ContainsKey(module.Name)
        : type.Namespace is not ("AiPlatform.Application" or "AiPlatform.Domain");

    private static Module? ModuleOf(Type type) =>
        NamespacePattern().Match(type.Namespace ?? "") is { Success: true } match
            ? new Module(match.Groups["layer"].Value, match.Groups["module"].Value, match.Groups["rest"].Value.StartsWith(".Contracts", StringComparison.Ordinal))
            : null;

    [GeneratedRegex(@"^AiPlatform\.(?<layer>Domain|Application)\.(?<module>\w+)(?<rest>.*)$")]
    private static partial Regex NamespacePattern();

    private sealed record Module(string Layer, string Name, bool IsContract);
}
