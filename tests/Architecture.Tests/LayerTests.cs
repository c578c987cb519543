using System.Reflection;
using System.Xml.Linq;

namespace AiPlatform.Architecture.Tests;

/// <summary>Which layer knows which: Domain nothing, Application only Domain and abstractions, the rest from the outside in.</summary>
public sealed class LayerTests
{
    private static readonly Dictionary<string, string[]> ProjectsByLayer = new()
    {
        ["Domain"] = [],
        ["Application"] = ["Domain"],
        ["Infrastructure"] = ["Application"],
        ["Api"] = ["Infrastructure"],
        ["Worker"] = ["Infrastructure"],
    };

    private static readonly string[] PackagesOfApplication =
        ["FluentValidation", "MediatR", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.AI.Abstractions", "Scrutor"];

    [Fact]
    public void Every_project_is_in_the_table() => Sources.Projects.Keys.Order().ShouldBe(ProjectsByLayer.Keys.Order());

    [Fact]
    public void Projects_refer_only_to_the_layer_below() =>
        Sources.Projects.SelectMany(project => ForbiddenProjects(project.Key, XDocument.Load(project.Value))).ShouldBeEmpty();

    [Fact]
    public void Domain_has_no_packages() => Includes(XDocument.Load(Sources.Projects["Domain"]), "PackageReference").ShouldBeEmpty();

    [Fact]
    public void Application_has_only_the_packages_of_its_table() =>
        Includes(XDocument.Load(Sources.Projects["Application"]), "PackageReference").Except(PackagesOfApplication).ShouldBeEmpty();

    [Fact]
    public void Domain_uses_only_the_runtime() => ForbiddenToDomain(Sources.Domain).ShouldBeEmpty();

    [Fact]
    public void Application_uses_neither_the_database_driver_nor_the_web_server() => ForbiddenToApplication(Sources.Application).ShouldBeEmpty();

    [Fact]
    public void Infrastructure_does_not_use_the_hosts() => References(Sources.Infrastructure).ShouldNotContain(name => name == "AiPlatform.Api" || name == "AiPlatform.Worker");

    [Fact]
    public void The_rule_catches_a_project_that_refers_upwards() =>
        ForbiddenProjects("Worker", XDocument.Parse("<Project><ItemGroup><ProjectReference Include=\"../Api/AiPlatform.Api.csproj\" /></ItemGroup></Project>"))
            .ShouldBe(["Worker -> Api"]);

    [Fact]
    public void The_rules_catch_an_assembly_with_too_many_friends()
    {
        ForbiddenToDomain(Sources.Application).ShouldContain("MediatR");
        ForbiddenToApplication(Sources.Infrastructure).ShouldContain("Npgsql");
        ForbiddenToApplication(Sources.Api).ShouldContain(name => name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal));
    }

    private static IEnumerable<string> ForbiddenProjects(string layer, XDocument project) => Includes(project, "ProjectReference")
        .Select(path => Path.GetFileNameWithoutExtension(path)["AiPlatform.".Length..])
        .Where(other => !ProjectsByLayer[layer].Contains(other))
        .Select(other => $"{layer} -> {other}");

    private static IEnumerable<string> Includes(XDocument project, string element) =>
        project.Descendants().Where(node => node.Name.LocalName == element).Select(node => node.Attribute("Include")!.Value);

    private static IEnumerable<string> ForbiddenToDomain(Assembly assembly) => References(assembly).Where(name => !IsRuntime(name));

    private static IEnumerable<string> ForbiddenToApplication(Assembly assembly) => References(assembly).Where(name =>
        !IsRuntime(name)
        && name is not "AiPlatform.Domain"
        && !PackagesOfApplication.Contains(name)
        && !(name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && name.EndsWith(".Abstractions", StringComparison.Ordinal)));

    private static bool IsRuntime(string name) => name.StartsWith("System.", StringComparison.Ordinal);

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
}
