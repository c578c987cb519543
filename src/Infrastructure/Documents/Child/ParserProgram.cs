using System.Reflection;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>How this program is started again: as the host that runs, or, where another program runs its parts (as tests do), as the host that lies beside it.</summary>
internal sealed record ParserProgram(string File, IReadOnlyList<string> Arguments, string Folder)
{
    /// <summary>The programs that know the argument <c>parse</c>.</summary>
    private static readonly string[] Hosts = ["AiPlatform.Worker", "AiPlatform.Api"];

    /// <summary>Where the .NET that runs this lies; the sandbox has to show it.</summary>
    public static string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    public static ParserProgram Find(string? configured)
    {
        var path = configured ?? Running() ?? Beside()
            ?? throw new ConfigurationError($"{DocumentOptions.Section}:{nameof(DocumentOptions.ParserPath)} must name AiPlatform.Api.dll or AiPlatform.Worker.dll, because neither lies in {AppContext.BaseDirectory}.");
        path = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(path)!;
        return path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? new ParserProgram(Dotnet(), [path, "parse"], folder) : new ParserProgram(path, ["parse"], folder);
    }

    /// <summary>Its dll, which is there however it was started; a program in a single file is started as that file.</summary>
    private static string? Running()
    {
        if (Assembly.GetEntryAssembly() is not { } entry || !Hosts.Contains(entry.GetName().Name)) return null;
        var dll = Path.Combine(AppContext.BaseDirectory, $"{entry.GetName().Name}.dll");
        return System.IO.File.Exists(dll) ? dll : Environment.ProcessPath;
    }

    private static string? Beside() => Hosts.Select(host => Path.Combine(AppContext.BaseDirectory, $"{host}.dll")).FirstOrDefault(System.IO.File.Exists);

    private static string Dotnet() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" ? Environment.ProcessPath! : Path.Combine(DotnetRoot, "dotnet");
}
