using System.Text.Json;

namespace AiPlatform.Application.Inference.Contracts;

/// <summary>One increment of a model's answer. <c>Choice</c> is the index of the answer it belongs to (0 unless <c>n</c> was asked for).</summary>
public abstract record ModelDelta
{
    private ModelDelta()
    {
    }

    /// <summary>More of the answer's text. <c>Logprobs</c> is the API's array of token log probabilities, where the model gives them.</summary>
    public sealed record Text(int Choice, string Value, JsonElement? Logprobs = null) : ModelDelta;

    public sealed record Refusal(int Choice, string Value) : ModelDelta;

    /// <summary>More of the model's visible thinking.</summary>
    public sealed record Reasoning(int Choice, string Value) : ModelDelta;

    /// <summary>
    /// More of tool call number <c>Index</c>. The first of a call carries its id and name; all may carry a fragment of the arguments.
    /// </summary>
    public sealed record ToolCall(int Choice, int Index, string? Id, string? Name, string? Arguments) : ModelDelta;

    /// <summary>The answer ended: <c>stop</c>, <c>length</c>, <c>tool_calls</c> or <c>content_filter</c>.</summary>
    public sealed record Finish(int Choice, string Reason) : ModelDelta;

    public sealed record Usage(TokenUsage Tokens) : ModelDelta;

    /// <summary>Whether this is something a reader sees: what ends the wait for the first token.</summary>
    public bool IsContent => this is Text { Value.Length: > 0 } or Refusal { Value.Length: > 0 } or Reasoning { Value.Length: > 0 } or ToolCall;
}

/// <summary>
/// What one read from the vendor brought. <see cref="Raw"/> is the vendor's own <c>chat.completion.chunk</c>, where it speaks that format,
/// so that it can be relayed byte for byte; otherwise it is empty and the deltas are all there is.
/// </summary>
public sealed record ModelChunk(IReadOnlyList<ModelDelta> Deltas, ReadOnlyMemory<byte> Raw = default);

/// <summary>A whole answer: a <c>chat.completion</c> object as JSON, and what it cost, where the vendor says so.</summary>
public sealed record ModelAnswer(ReadOnlyMemory<byte> Json, TokenUsage? Usage);
