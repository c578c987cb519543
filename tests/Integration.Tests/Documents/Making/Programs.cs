using System.Diagnostics;
using System.Text;

namespace AiPlatform.Integration.Tests.Documents.Making;

/// <summary>Other people's programs as makers of documents: what we read was not written by us.</summary>
internal static class Programs
{
    public const string Markdown = """
        # Opening hours

        The library opens at *nine*. See [the notice](https://example.com).

        ## Branches

        - Harbour branch
        - Station branch

        | Town     | Founded | Books |
        |----------|---------|-------|
        | Uppsala  | 1477    | 5200  |
        | Leiden   | 1575    | 4100  |

        ```
        select count(*) from loans;
        ```

        Closing words with ünïcödé and हिन्दी पाठ.
        """;

    public static byte[] Pandoc(string format, string? markdown = null)
    {
        var folder = Directory.CreateTempSubdirectory("aiplatform-test-");
        try
        {
            var (source, target) = (Path.Combine(folder.FullName, "source.md"), Path.Combine(folder.FullName, "target"));
            File.WriteAllText(source, markdown ?? Markdown);
            Run("pandoc", ["--quiet", "-s", "--metadata", "title=The library", "-f", "markdown", "-t", format, "-o", target, source]);
            return File.ReadAllBytes(target);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static void Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, StandardErrorEncoding = Encoding.UTF8 };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {errors}");
    }
}
