using System.Text;
using System.Text.Json;

namespace AiPlatform.Domain.Chat;

public enum ItemStatus
{
    InProgress,

    /// <summary>Of searches only: the documents are being searched.</summary>
    Searching,

    Completed,
    Incomplete,

    /// <summary>Of searches only: the documents could not be searched.</summary>
    Failed,
}

/// <summary>Something a model is producing. Grows by <see cref="Response.Apply"/> only.</summary>
public abstract class OutputItem(ItemId id)
{
    public ItemId Id { get; } = id;
    public abstract string Type { get; }
    public ItemStatus Status { get; internal set; } = ItemStatus.InProgress;
    public string WireId => Id.ToWire(Type);
    public bool IsOpen => Status is ItemStatus.InProgress or ItemStatus.Searching;
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

/// <summary>A search of the documents, made for the model.</summary>
public sealed class FileSearchItem(ItemId id, IReadOnlyList<string> queries) : OutputItem(id)
{
    public override string Type => "file_search_call";
    public IReadOnlyList<string> Queries { get; } = queries;

    /// <summary>Whether it has been announced that all is found; the item itself may still be open.</summary>
    public bool IsAnswered { get; internal set; }

    /// <summary>What was found, as a JSON array; null unless the caller wants to see it.</summary>
    public string? Results { get; internal set; }
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
    private readonly List<FileCitation> _citations = [];

    public PartKind Kind { get; } = kind;
    public string Text => _text.ToString();
    public int Length => _text.Length;
    public bool IsDone { get; internal set; }

    /// <summary>Log probabilities of the tokens so far, as the API shows them; empty unless asked for.</summary>
    public IReadOnlyList<JsonElement> Logprobs => _logprobs;

    /// <summary>What in the documents its statements rest on, in the order of the text.</summary>
    public IReadOnlyList<FileCitation> Citations => _citations;

    internal void Cite(FileCitation citation) => _citations.Add(citation);

    internal void Append(string text, JsonElement? logprobs)
    {
        _text.Append(text);
        if (logprobs is { ValueKind: JsonValueKind.Array } tokens) _logprobs.AddRange(tokens.EnumerateArray());
    }
}
