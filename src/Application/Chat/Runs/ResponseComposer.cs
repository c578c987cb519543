using System.Text;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Turns what a model says into the events of a response: opens and closes items and parts as the kind of content changes. What is open it reads off the
/// response itself, so that whoever takes a run over continues where it stopped. Function calls are held back until their arguments are whole.
/// </summary>
internal sealed class ResponseComposer(Response response, TimeProvider clock)
{
    private readonly List<PendingCall> _calls = [];
    private string? _finishReason;

    /// <summary>What the vendor said of its usage; the last word counts.</summary>
    public TokenUsage? Usage { get; private set; }

    /// <summary>Whether the model has said that this was all.</summary>
    public bool IsWhole => _finishReason is not null;

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
                CallOf(call).Add(call);
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
    public IEnumerable<ResponseEvent> Finish(Func<TokenUsage> usage)
    {
        var cutShort = _finishReason is "length" or "content_filter";
        foreach (var @event in Close(cutShort ? ItemStatus.Incomplete : ItemStatus.Completed)) yield return @event;
        // Arguments that were cut off are no call: a half one must never be seen.
        if (!cutShort)
        {
            foreach (var @event in _calls.OrderBy(call => call.Index).SelectMany(BringCall)) yield return @event;
        }

        yield return _finishReason switch
        {
            "length" => new ResponseEvent.Incomplete("max_output_tokens", usage()),
            "content_filter" => new ResponseEvent.Incomplete("content_filter", usage()),
            _ => new ResponseEvent.Completed(usage()),
        };
    }

    /// <summary>Closes whatever is open: the parts as far as they came, the item with this status.</summary>
    public IEnumerable<ResponseEvent> Close(ItemStatus status)
    {
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

    private PendingCall CallOf(ModelDelta.ToolCall fragment)
    {
        var call = _calls.FindLast(call => call.Index == fragment.Index);
        if (call is null || call.IsFollowedBy(fragment)) _calls.Add(call = new PendingCall(fragment.Index));
        return call;
    }

    private OutputItem? Open() => response.Output is [.., { Status: ItemStatus.InProgress } last] ? last : null;

    private IEnumerable<ResponseEvent> Say(PartKind kind, string text, System.Text.Json.JsonElement? logprobs = null)
    {
        if (text.Length == 0) yield break;
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

        var part = response.Output[output] is MessageItem grown ? grown.Parts.Count - 1 : 0;
        yield return new ResponseEvent.Delta(output, part, text, logprobs);
    }

    private IEnumerable<ResponseEvent> BringCall(PendingCall call)
    {
        var output = response.Output.Count;
        yield return new ResponseEvent.ItemAdded(output, call.ToItem(ItemId.New(clock.GetUtcNow())));
        yield return new ResponseEvent.ArgumentsDelta(output);
        yield return new ResponseEvent.ArgumentsDone(output);
        yield return new ResponseEvent.ItemDone(output, ItemStatus.Completed);
    }

    private sealed class PendingCall(int index)
    {
        private readonly StringBuilder _arguments = new();
        private string? _id;
        private string? _name;

        public int Index { get; } = index;

        /// <summary>
        /// Whether this is another call of the same number: some servers number all calls alike. An id alone says nothing, as others make up a new one for
        /// every fragment; with a name it begins a call.
        /// </summary>
        public bool IsFollowedBy(ModelDelta.ToolCall fragment) => _name is not null && fragment is { Id.Length: > 0, Name.Length: > 0 } && fragment.Id != _id;

        public void Add(ModelDelta.ToolCall call)
        {
            _id ??= call.Id;
            _name ??= call.Name;
            _arguments.Append(call.Arguments);
        }

        // Some local servers give their calls no id; ours will do.
        public FunctionCallItem ToItem(ItemId id) => new(id, _id ?? "call_" + id.Value.ToString("n"), _name ?? "", _arguments.ToString());
    }
}
