using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Infrastructure.Documents.Parsing;

/// <summary>A program of the system, run inside the parser's sandbox and under its limits.</summary>
internal static class Tool
{
    /// <summary>What a tool may say; documents come another way.</summary>
    private const int MostOutput = 4 << 20;

    /// <summary>The exit code of a tool that the kernel ended for its processor time (SIGXCPU).</summary>
    public const int OutOfTime = 128 + 24;

    public sealed record Outcome(int ExitCode, string Output, string Errors);

    /// <summary>Its output, when it succeeds; nothing otherwise.</summary>
    public static string Text(string program, string package, IReadOnlyList<string> arguments) => Run(program, package, arguments) is { ExitCode: 0, Output: var output } ? output : "";

    /// <param name="patience">After which it is ended, whatever it has to say by then; by default only the limits of the parser hold.</param>
    public static Outcome Run(string program, string package, IReadOnlyList<string> arguments, TimeSpan? patience = null)
    {
        var output = new StringBuilder();
        var (code, errors) = Stream(program, package, arguments, reader =>
        {
            var buffer = new char[1 << 14];
            for (int read; (read = reader.Read(buffer)) > 0 && output.Length < MostOutput;) output.Append(buffer, 0, read);
        }, patience);
        return new Outcome(code, output.ToString(), errors);
    }

    /// <summary>Gives its output to <paramref name="read"/> as it comes.</summary>
    public static (int ExitCode, string Errors) Stream(string program, string package, IReadOnlyList<string> arguments, Action<StreamReader> read, TimeSpan? patience = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw Missing(program, package);
        }

        using (process)
        {
            var errors = new StringBuilder();
            process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data is not null && errors.Length < 8192) errors.AppendLine(line.Data);
            };
            process.BeginErrorReadLine();
            using var end = new Timer(_ => Kill(process), null, patience ?? Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            process.StandardInput.Close();
            try
            {
                read(process.StandardOutput);
                process.StandardOutput.Close();
                process.WaitForExit();
            }
            finally
            {
                Kill(process);
            }

            return (process.ExitCode, errors.ToString());
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is over already.
        }
    }

    public static ParserUnavailable Missing(string program, string package) =>
        new($"The program {program} is missing on the server, so such files cannot be read. Its operator can install the package {package}.");
}
