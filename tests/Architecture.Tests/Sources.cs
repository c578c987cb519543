using System.Reflection;

namespace AiPlatform.Architecture.Tests;

/// <summary>What the rules are about: the source tree, and the assemblies built from it. Found, never listed.</summary>
internal static class Sources
{
    public static string Root { get; } = FindRoot();

    public static string Src { get; } = Path.Combine(Root, "src");

    /// <summary>The projects under <c>src</c>, by layer: <c>Domain</c> and so on.</summary>
    public static IReadOnlyDictionary<string, string> Projects { get; } = Directory
        .EnumerateFiles(Src, "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path)["AiPlatform.".Length..]);

    public static Assembly Domain { get; } = Assembly.Load("AiPlatform.Domain");
    public static Assembly Application { get; } = Assembly.Load("AiPlatform.Application");
    public static Assembly Infrastructure { get; } = Assembly.Load("AiPlatform.Infrastructure");
    public static Assembly Api { get; } = Assembly.Load("AiPlatform.Api");

    /// <summary>The types that people wrote, in the assemblies of the source tree.</summary>
    public static IEnumerable<Type> Types => new[] { Domain, Application, Infrastructure, Api }.SelectMany(TypesOf);

    public static IEnumerable<Type> TypesOf(Assembly assembly) => assembly.GetTypes().Where(type => !IsGenerated(type));

    public static bool IsGenerated(Type type)
    {
        for (var t = type; t is not null; t = t.DeclaringType!)
        {
            if (t.Name.Contains('<', StringComparison.Ordinal)) return true;
            if (t.CustomAttributes.Any(attribute => attribute.AttributeType.Name is "CompilerGeneratedAttribute" or "EmbeddedAttribute")) return true;
            if (t.Namespace?.StartsWith("AiPlatform", StringComparison.Ordinal) is not true && t.CustomAttributes.Any(attribute => attribute.AttributeType.Name is "GeneratedCodeAttribute")) return true;
        }

        return false;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "AiPlatform.sln"))) return folder.FullName;
        throw new InvalidOperationException($"No AiPlatform.sln above {AppContext.BaseDirectory}: run the tests from the build output inside the repository.");
    }
}
