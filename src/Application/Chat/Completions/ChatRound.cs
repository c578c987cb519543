using System.Text;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Application.Chat.Completions;

/// <summary>One call of the model for a chat completion from documents: what of it is shown, and what it wants to be searched for.</summary>
/// <param name="context">What the model has read.</param>
/// <param name="metrics">Counts citations.</param>
/// <param name="length">How long the answer's text is already.</param>
internal sealed class ChatRound(DocumentContext context, AnswerMetrics metrics, int length)
{
    private readonly CitedAnswer _text = new(context.Passages, metrics);
    private readonly CitedAnswer _thinking = new(context.Passages, metrics: null);
    private readonly CitedAnswer _refusal = new(context.Passages, metrics: null);
    private readonly PendingCalls _calls = new();
    private readonly StringBuilder _said = new();
    private readonly bool _goesOn = length > 0;
    private string _finish = "stop";

    public bool HasContent { get; private set; }

    public int Length { get; private set; } = length;

    public TokenUsage? Usage { get; private set; }

    /// <summary>All text of this call.</summary>
    public string Said => _said.ToString();

    private bool IsCutShort => _finish is "length" or "content_filter";

    public IEnumerable<GroundedDelta> On(ModelDelta delta)
    {
        HasContent |= delta.IsContent;
        switch (delta)
        {
            case ModelDelta.Text text:
                return Shown(_text.Accept(text.Value), text);
            case ModelDelta.Reasoning thought:
                return Unmarked(_thinking.Accept(thought.Value), value => thought with { Value = value });
            case ModelDelta.Refusal refusal:
                return Unmarked(_refusal.Accept(refusal.Value), value => refusal with { Value = value });
            case ModelDelta.ToolCall call:
                _calls.Add(call);
                return [];
            case ModelDelta.Finish(_, var reason):
                _finish = reason;
                return [];
            case ModelDelta.Usage(var tokens):
                Usage = tokens;
                return [];
            default:
                return [];
        }
    }

    /// <summary>The model has ended.</summary>
    public IEnumerable<GroundedDelta> Flush() =>
    [
        .. Unmarked(_thinking.Flush(), value => new ModelDelta.Reasoning(0, value)),
        .. Shown(_text.Flush(), new ModelDelta.Text(0, "")),
        .. Unmarked(_refusal.Flush(), value => new ModelDelta.Refusal(0, value)),
    ];

    /// <summary>The calls that are whole.</summary>
    public IReadOnlyList<FunctionCallItem> Calls(TimeProvider clock) => IsCutShort ? [] : [.. _calls.ToItems(clock)];

    /// <summary>What ends the answer: the calls of the caller's functions that were the model's to make, and why it ends.</summary>
    public IEnumerable<ModelDelta> Ending(IReadOnlyList<FunctionCallItem> calls)
    {
        var offered = calls.Where(call => context.Offers(call.Name)).ToList();
        for (var i = 0; i < offered.Count; i++) yield return new ModelDelta.ToolCall(0, i, offered[i].CallId, offered[i].Name, offered[i].Arguments);
        yield return new ModelDelta.Finish(0, offered.Count > 0 ? "tool_calls" : _finish == "tool_calls" ? "stop" : _finish);
    }

    private IEnumerable<GroundedDelta> Shown(IEnumerable<CitedPiece> pieces, ModelDelta.Text delta)
    {
        foreach (var piece in pieces)
        {
            if (piece.Citation is { } citation)
            {
                yield return new GroundedDelta(null, citation with { Index = Length });
                continue;
            }

            // What was said before a search is a paragraph of its own.
            var text = _goesOn && _said.Length == 0 ? $"\n\n{piece.Text}" : piece.Text;
            Length += text.Length;
            _said.Append(piece.Text);
            yield return new GroundedDelta(text == delta.Value ? delta : new ModelDelta.Text(delta.Choice, text));
        }
    }

    private static IEnumerable<GroundedDelta> Unmarked(IEnumerable<CitedPiece> pieces, Func<string, ModelDelta> toDelta) =>
        pieces.Where(piece => piece.Citation is null).Select(piece => new GroundedDelta(toDelta(piece.Text)));
}
