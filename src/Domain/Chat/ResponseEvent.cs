using System.Text.Json;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Domain.Chat;

/// <summary>
/// One step in the life of a response, in the order clients see them. Each is one event of the API's stream; <c>Output</c> is the index of the item
/// it concerns, <c>Part</c> the index of the content part within it.
/// </summary>
public abstract record ResponseEvent
{
    private ResponseEvent()
    {
    }

    public sealed record Created : ResponseEvent;

    /// <summary>Stored, and waiting for an instance with room for it.</summary>
    public sealed record Queued : ResponseEvent;

    public sealed record InProgress : ResponseEvent;

    public sealed record ItemAdded(int Output, OutputItem Item) : ResponseEvent;

    public sealed record PartAdded(int Output, int Part, PartKind Kind) : ResponseEvent;

    /// <summary>More text, refusal or reasoning, by the kind of the part.</summary>
    public sealed record Delta(int Output, int Part, string Text, JsonElement? Logprobs = null) : ResponseEvent;

    /// <summary>The part's text is whole.</summary>
    public sealed record TextDone(int Output, int Part) : ResponseEvent;

    public sealed record PartDone(int Output, int Part) : ResponseEvent;

    public sealed record ArgumentsDelta(int Output) : ResponseEvent;

    public sealed record ArgumentsDone(int Output) : ResponseEvent;

    /// <summary>The item is whole. <c>Results</c> is what a search found, as JSON, where the caller wants to see it.</summary>
    public sealed record ItemDone(int Output, ItemStatus Status, string? Results = null) : ResponseEvent;

    /// <summary>The text up to here rests on a place in a document.</summary>
    public sealed record Cited(int Output, int Part, FileCitation Citation) : ResponseEvent;

    public sealed record SearchBegun(int Output) : ResponseEvent;

    public sealed record Searching(int Output) : ResponseEvent;

    public sealed record SearchAnswered(int Output) : ResponseEvent;

    public sealed record Completed(TokenUsage Usage) : ResponseEvent;

    /// <summary>The model stopped early: <c>max_output_tokens</c> or <c>content_filter</c>.</summary>
    public sealed record Incomplete(string Reason, TokenUsage? Usage) : ResponseEvent;

    /// <summary>Somebody stopped it. On the wire a <c>response.incomplete</c> whose response is <c>cancelled</c>: the API has no event of that name.</summary>
    public sealed record Cancelled : ResponseEvent;

    public sealed record Failed(string Code, string Message) : ResponseEvent;

    public bool IsTerminal => this is Completed or Incomplete or Cancelled or Failed;
}
