using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Turns what a model says into the events of a response: opens and closes items and parts as the kind of content changes. What is open it reads off the
/// response itself, so that whoever takes a run over continues where it stopped. Function calls are held back until their arguments are whole.
/// </summary>
internal sealed class ResponseComposer(Response response, TimeProvider clock)
{
    private readonly PendingCalls _calls = new();
    private string? _finishReason;

    /// <summary>What the vendor said of its usage; the last word counts.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Whether the model has said that this was all.</summary>
    public bool IsWhole => _finishReason is not null;

    /// <summary>The function calls that are whole; none where the answer was cut short.</summary>
    public IEnumerable<FunctionCallItem> Calls => IsCutShort ? [] : _calls.ToItems(clock);

    /// <summary>Whether a piece of reasoning is open.</summary>
    public bool IsThinking => Open() is ReasoningItem;

    public IEnumerable<ResponseEvent> On(ModelDelta delta)
    {
        switch (delta)
        {
            case ModelDelta.Text(_, var text, var logprobs):
                return Say(PartKind.Text, text, logprobs);
            case ModelDelta.Refusal(_, var text):
                return Say(PartKind.Refusal, text);
            case ModelDelta.Reasoning(_, var text):
                return Say(PartKind.Reasoning, text);
            case ModelDelta.ToolCall call:
                _calls.Add(call);
                return [];
            case ModelDelta.Finish(_, var reason):
                _finishReason = reason;
                return [];
            case ModelDelta.Usage(var tokens):
                Usage = tokens;
                return [];
            default:
                return [];
        }
    }

    /// <summary>The model is done: closes what is open, brings the function calls, ends the response.</summary>
    /// <param name="usage">Asked for when all has been brought.</param>
    /// <param name="isOffered">Whether a function of this name was the model's to call; calls of others are dropped.</param>
    public IEnumerable<ResponseEvent> Finish(Func<TokenUsage> usage, Func<string, bool> isOffered)
    {
        foreach (var @event in Close(IsCutShort ? ItemStatus.Incomplete : ItemStatus.Completed)) yield return @event;
        // Arguments that were cut off are no call: a half one must never be seen.
        foreach (var @event in Calls.Where(call => isOffered(call.Name)).SelectMany(BringCall)) yield return @event;

        yield return _finishReason switch
        {
            "length" => new ResponseEvent.Incomplete("max_output_tokens", usage()),
            "content_filter" => new ResponseEvent.Incomplete("content_filter", usage()),
            _ => new ResponseEvent.Completed(usage()),
        };
    }

    /// <summary>The text so far rests on this.</summary>
    public IEnumerable<ResponseEvent> Cite(FileCitation citation)
    {
        foreach (var @event in OpenPart(PartKind.Text)) yield return @event;
        var output = response.Output.Count - 1;
        var part = ((MessageItem)response.Output[output]).Parts.Count - 1;
        var (placed, text) = (citation with { Index = response.PartAt(output, part).Length }, response.PartAt(output, part));
        // A model that goes on may make the last citation before the cut once more.
        if (!text.Citations.Contains(placed)) yield return new ResponseEvent.Cited(output, part, placed);
    }

    /// <summary>Closes whatever is open: the parts as far as they came, the item with this status.</summary>
    public IEnumerable<ResponseEvent> Close(ItemStatus status)
    {
        for (var search = 0; search < response.Output.Count; search++)
            if (response.Output[search] is FileSearchItem { IsOpen: true }) yield return new ResponseEvent.ItemDone(search, status);
        if (Open() is not { } item) yield break;
        var output = response.Output.Count - 1;
        var part = item is MessageItem message ? message.Parts.Count - 1 : 0;
        if (part >= 0 && !response.PartAt(output, part).IsDone)
        {
            yield return new ResponseEvent.TextDone(output, part);
            yield return new ResponseEvent.PartDone(output, part);
        }

        yield return new ResponseEvent.ItemDone(output, status);
    }

    private OutputItem? Open() => response.Output is [.., { Status: ItemStatus.InProgress } last] ? last : null;

    private bool IsCutShort => _finishReason is "length" or "content_filter";

    private IEnumerable<ResponseEvent> Say(PartKind kind, string text, System.Text.Json.JsonElement? logprobs = null)
    {
        if (text.Length == 0) yield break;
        foreach (var @event in OpenPart(kind)) yield return @event;
        var output = response.Output.Count - 1;
        var part = response.Output[output] is MessageItem message ? message.Parts.Count - 1 : 0;
        yield return new ResponseEvent.Delta(output, part, text, logprobs);
    }

    /// <summary>Sees to it that the last part is open and of this kind.</summary>
    private IEnumerable<ResponseEvent> OpenPart(PartKind kind)
    {
        var fits = Open() switch
        {
            ReasoningItem => kind is PartKind.Reasoning,
            MessageItem => kind is not PartKind.Reasoning,
            _ => false,
        };
        if (!fits)
        {
            foreach (var @event in Close(ItemStatus.Completed)) yield return @event;
            var id = ItemId.New(clock.GetUtcNow());
            yield return new ResponseEvent.ItemAdded(response.Output.Count, kind is PartKind.Reasoning ? new ReasoningItem(id) : new MessageItem(id));
            if (kind is PartKind.Reasoning) yield return new ResponseEvent.PartAdded(response.Output.Count - 1, 0, kind);
        }

        var output = response.Output.Count - 1;
        if (response.Output[output] is MessageItem message && (message.Parts.Count == 0 || message.Parts[^1].Kind != kind))
        {
            if (message.Parts.Count > 0)
            {
                yield return new ResponseEvent.TextDone(output, message.Parts.Count - 1);
                yield return new ResponseEvent.PartDone(output, message.Parts.Count - 1);
            }

            yield return new ResponseEvent.PartAdded(output, message.Parts.Count, kind);
        }
    }

    private IEnumerable<ResponseEvent> BringCall(FunctionCallItem call)
    {
        var output = response.Output.Count;
        yield return new ResponseEvent.ItemAdded(output, call);
        yield return new ResponseEvent.ArgumentsDelta(output);
        yield return new ResponseEvent.ArgumentsDone(output);
        yield return new ResponseEvent.ItemDone(output, ItemStatus.Completed);
    }
}
