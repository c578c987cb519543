using System.Buffers;
using System.Text.Json;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Parsing;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Documents;

/// <summary>
/// Reads each document in a process of its own, which is this program again as <c>parse</c>: what crashes, hangs or is taken over by a hostile file is that
/// process. Small files of plain text are read here: there is nothing in decoding them that could go wrong.
/// </summary>
internal sealed partial class ChildDocumentParser(DocumentOptions options, ParserPool parsers, ILogger<ChildDocumentParser> log) : IDocumentParser
{
    private readonly ParseLimits _limits = ParseLimits.Of(options);

    public int Version => 3;

    public async Task<ExtractedText> ParseAsync(Stream content, string filename, CancellationToken cancellationToken)
    {
        // As large as this it would be an allocation that only full collections free.
        var start = ArrayPool<byte>.Shared.Rent(SmallText.MostBytes + 1);
        try
        {
            var length = await content.ReadAtLeastAsync(start.AsMemory(0, SmallText.MostBytes + 1), SmallText.MostBytes + 1, throwOnEndOfStream: false, cancellationToken);
            if (length == 0) throw Refuse.Empty();
            if (SmallText.Read(start.AsSpan(0, length), filename, _limits) is { } text) return text;
            return await ParseInChildAsync(start.AsMemory(0, length), content, filename, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(start);
        }
    }

    private async Task<ExtractedText> ParseInChildAsync(ReadOnlyMemory<byte> start, Stream rest, string filename, CancellationToken cancellationToken)
    {
        var parser = await parsers.TakeAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        var hasAnswered = false;
        var order = new ParseOrder(filename, _limits, options.OcrLanguages, parser.Scratch);
        var sending = SendAsync(parser.Input, order, start, rest, limit.Token);
        var complaints = ComplaintsAsync(parser.Errors, limit.Token);
        try
        {
            var text = await new ReplyReader(_limits).ReadAsync(parser.Output, limit.Token);
            hasAnswered = text is not null;
            if (text is not null) return text;
            var code = await parser.EndAsync(limit.Token);
            // A content that could not be read to its end is the storage's failure, not the document's.
            await sending;
            throw Ended(code, await complaints);
        }
        catch (DocumentRefused)
        {
            hasAnswered = true;
            throw;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refuse.Invalid($"This file takes longer to read than {options.Timeout} (hours:minutes:seconds) and was given up. Split it, or save it in a simpler format.");
        }
        catch (JsonException)
        {
            throw new ParserUnavailable("The parser did not speak as parsers do.");
        }
        finally
        {
            await limit.CancelAsync();
            parsers.GiveBack(parser, hasAnswered);
            // Nobody reads the content, or from the buffer, after this.
            await Task.WhenAll(sending, complaints).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A parser that has heard enough hangs up, which is no failure.</summary>
    private static async Task SendAsync(Stream input, ParseOrder order, ReadOnlyMemory<byte> start, Stream rest, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        try
        {
            await input.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(order, ParseJson.Plain.ParseOrder), cancellationToken);
            await input.WriteAsync("\n"u8.ToArray(), cancellationToken);
            await input.WriteAsync(start, cancellationToken);
            for (int read; (read = await rest.ReadAsync(buffer, cancellationToken)) > 0;) await input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            input.Close();
        }
        catch (IOException e) when (e.InnerException is System.Net.Sockets.SocketException || e.Message.Contains("pipe", StringComparison.OrdinalIgnoreCase))
        {
        }
    }

    private static async Task<string> ComplaintsAsync(StreamReader errors, CancellationToken cancellationToken)
    {
        var kept = new char[4096];
        var buffer = new char[4096];
        var length = await errors.ReadBlockAsync(kept, cancellationToken);
        while (await errors.ReadAsync(buffer, cancellationToken) > 0)
        {
        }

        return new string(kept, 0, length);
    }

    /// <summary>It ended without an answer. What the kernel did to it for its limits, and crashes, will happen again; a kill from outside may not.</summary>
    private Exception Ended(int code, string complaints)
    {
        LogEnded(log, code);
        LogComplaints(log, complaints);
        return code switch
        {
            128 + 9 => new ParserUnavailable("The parser was killed. The machine may be short of memory."),
            128 + 24 => Refuse.Invalid(FormattableString.Invariant($"This file takes more than {options.CpuSeconds} seconds of processor time to read and was given up. Split it, or save it in a simpler format.")),
            _ => Refuse.Invalid("This file made its reader fail: it is damaged, needs too much memory, or was made to do so. Open it in the program that made it, save it anew and upload that."),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A parser ended with code {ExitCode} and without an answer.")]
    private static partial void LogEnded(ILogger log, int exitCode);

    // May hold pieces of the document.
    [LoggerMessage(Level = LogLevel.Trace, Message = "What it said: {Complaints}")]
    private static partial void LogComplaints(ILogger log, string complaints);
}
