using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>
/// Reads what a parser says, line by line, and believes none of it: a parser may have been taken over by the document it reads. So sizes are counted and
/// text is cleaned here as well.
/// </summary>
internal sealed class ReplyReader(ParseLimits limits)
{
    private const int LongestLine = 8 << 20;
    private readonly PageList _pages = new();
    private int _characters;

    /// <summary>Null when it ended without a word.</summary>
    public async Task<ExtractedText?> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(output, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        ParseEnd? end = null;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (end is null && buffer.PositionOf((byte)'\n') is { } newline)
            {
                end = Take(buffer.Slice(0, newline));
                buffer = buffer.Slice(buffer.GetPosition(1, newline));
            }

            if (buffer.Length > LongestLine) throw new JsonException("The line is too long.");
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (end is not null || result.IsCompleted) break;
        }

        return end is null ? null : new ExtractedText(end.Format, end.Title is null ? null : TextHygiene.Clean(end.Title), _pages.Pages);
    }

    private ParseEnd? Take(ReadOnlySequence<byte> bytes)
    {
        var json = new Utf8JsonReader(bytes);
        var line = JsonSerializer.Deserialize(ref json, ParseJson.Plain.ParseLine) ?? throw new JsonException("The line is empty.");
        if (line.Refused is { } refused) throw new DocumentRefused(refused.Refusal, TextHygiene.Clean(refused.Message));
        if (line.Unavailable is { } unavailable) throw new ParserUnavailable(unavailable);
        if (line.Page is { } page) Add(page);
        return line.End;
    }

    private void Add(ExtractedPage page)
    {
        if (page.Number < 1 || page.Number > limits.MaxPages) throw new JsonException("There is no such page.");
        var blocks = page.Blocks.Select(block => block with { Text = TextHygiene.Clean(block.Text) }).ToList();
        foreach (var block in blocks) _characters += block.Text.Length;
        if (_characters > limits.MaxCharacters) throw Refuse.TooMuchText(limits.MaxCharacters);
        _pages.Add(new ExtractedPage(page.Number, blocks) { Label = page.Label is null ? null : TextHygiene.Clean(page.Label) });
        if (_pages.Pages.Count > limits.MaxPages) throw Refuse.TooManyPages(limits.MaxPages);
    }
}
