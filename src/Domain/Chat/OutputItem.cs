using System.Text;
using System.Text.Json;

namespace AiPlatform.Domain.Chat;

public enum ItemStatus
{
    InProgress,
    Completed,
    Incomplete,
}

/// <summary>Something a model is producing. Grows by <see cref="Response.Apply"/> only.</summary>
public abstract class OutputItem(ItemId id)
{
    public ItemId Id { get; } = id;
    public abstract string Type { get; }
    public ItemStatus Status { get; internal set; } = ItemStatus.InProgress;
    public string WireId => Id.ToWire(Type);
}

public sealed class MessageItem(ItemId id) : OutputItem(id)
{
    private readonly List<ContentPart> _parts = [];

    public override string Type => "message";
    public IReadOnlyList<ContentPart> Parts => _parts;

    internal void Add(ContentPart part) => _parts.Add(part);
}

/// <summary>The model's visible thinking: one part of reasoning text.</summary>
public sealed class ReasoningItem(ItemId id) : OutputItem(id)
{
    public override string Type => "reasoning";
    public ContentPart Content { get; } = new(PartKind.Reasoning);
}

/// <summary>A call of one of the caller's functions; it appears only when its arguments are whole.</summary>
public sealed class FunctionCallItem(ItemId id, string callId, string name, string arguments) : OutputItem(id)
{
    public override string Type => "function_call";
    public string CallId { get; } = callId;
    public string Name { get; } = name;
    public string Arguments { get; } = arguments;
}

public enum PartKind
{
    Text,
    Refusal,
    Reasoning,
}

public sealed class ContentPart(PartKind kind)
{
    private readonly StringBuilder _text = new();
    private readonly List<JsonElement> _logprobs = [];

    public PartKind Kind { get; } = kind;
    public string Text => _text.ToString();
    public bool IsDone { get; internal set; }

    /// <summary>Log probabilities of the tokens so far, as the API shows them; empty unless asked for.</summary>
    public IReadOnlyList<JsonElement> Logprobs => _logprobs;

    internal void Append(string text, JsonElement? logprobs)
    {
        _text.Append(text);
        if (logprobs is { ValueKind: JsonValueKind.Array } tokens) _logprobs.AddRange(tokens.EnumerateArray());
    }
}
