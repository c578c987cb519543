using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AiPlatform.Testing;

/// <summary>One block of an event stream: an event with its name and data, or a comment.</summary>
public sealed record SseBlock(string? Event, string? Data, string? Comment)
{
    /// <summary>What an <c>EventSource</c> would send as <c>Last-Event-ID</c>.</summary>
    public string? Id { get; init; }

    public JsonElement Json => JsonDocument.Parse(Data!).RootElement.Clone();
}

/// <summary>Reads server-sent events exactly as they are written, comments included, which SDKs do not show.</summary>
public static class Sse
{
    public static async IAsyncEnumerable<SseBlock> ReadAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var reader = new StreamReader(stream);
        string? name = null, data = null, comment = null, id = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (name is not null || data is not null || comment is not null) yield return new SseBlock(name, data, comment) { Id = id };
                (name, data, comment, id) = (null, null, null, null);
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = data is null ? line[6..] : data + "\n" + line[6..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line[0] == ':') comment = line[1..].Trim();
            else throw new InvalidDataException($"No line of an event stream: {line}");
        }

        if (name is not null || data is not null || comment is not null) throw new InvalidDataException("The stream ended within an event.");
    }

    /// <summary>All events to the end of the stream, without the comments.</summary>
    public static async Task<List<SseBlock>> ReadToEndAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var blocks = new List<SseBlock>();
        await foreach (var block in ReadAsync(response, cancellationToken))
            if (block.Comment is null) blocks.Add(block);
        return blocks;
    }
}
