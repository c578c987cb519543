namespace AiPlatform.Architecture.Tests;

/// <summary>Small files, and names that say what a thing is.</summary>
public sealed class HouseTests
{
    private const int MostLines = 350;
    private static readonly string[] Written = [".cs", ".ts", ".tsx", ".js", ".mjs", ".css", ".html", ".csproj", ".targets", ".sh"];
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "dist", "wwwroot"];
    private static readonly string[] SayNothing = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Impl"];

    [Fact]
    public void No_source_file_is_long() => Files(Sources.Src).Where(IsLong).Select(path => Path.GetRelativePath(Sources.Root, path)).ShouldBeEmpty();

    [Fact]
    public void No_name_says_nothing() => Sources.Types.Where(SaysNothing).Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void The_rules_see_what_is_there()
    {
        Files(Sources.Src).ShouldContain(path => path.EndsWith("ResponseRunner.cs", StringComparison.Ordinal));
        Files(Sources.Src).ShouldContain(path => path.EndsWith(".tsx", StringComparison.Ordinal));
    }

    [Fact]
    public void The_rule_catches_a_long_file()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, Enumerable.Repeat("line", MostLines));
            IsLong(path).ShouldBeFalse();
            File.AppendAllText(path, "one more");
            IsLong(path).ShouldBeTrue();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_rule_catches_names_that_say_nothing()
    {
        SaysNothing(typeof(ResponseManager)).ShouldBeTrue();
        SaysNothing(typeof(TextHelper<>)).ShouldBeTrue();
        SaysNothing(typeof(HouseTests)).ShouldBeFalse();
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder).Where(path => Written.Contains(Path.GetExtension(path)))
        .Concat(Directory.EnumerateDirectories(folder).Where(path => !NotOurs.Contains(Path.GetFileName(path))).SelectMany(Files));

    private static bool IsLong(string path) => File.ReadLines(path).Count() > MostLines;

    private static bool SaysNothing(Type type) => SayNothing.Any(ending => type.Name.Split('`')[0].EndsWith(ending, StringComparison.Ordinal));

    private sealed class ResponseManager;

    private sealed class TextHelper<T>;
}
