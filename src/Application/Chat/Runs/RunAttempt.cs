using System.Text.Json;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// One call of the model for a response: the first, the next after a search of documents, or one that goes on where the call before broke off. That one gets
/// what has been said as the beginning of the model's own answer, where the model takes such a prefill, or else is asked to go on from there.
/// </summary>
internal sealed class RunAttempt
{
    private readonly ResponseComposer _composer;
    private readonly ContinuedText _text;
    private readonly DocumentContext? _documents;
    private readonly bool _isPlain;

    // Thoughts and refusals may be full of markers, but cite nothing.
    private readonly CitedAnswer? _thinking;
    private readonly CitedAnswer? _refusal;

    private RunAttempt(ResponseComposer composer, ModelCall call, string said, OverlapTrimmer? trimmer, RunSearches? searches)
    {
        (_composer, Call, _documents, _isPlain) = (composer, call, searches?.Documents, trimmer is null && searches is null);
        _text = new ContinuedText(trimmer, searches is null ? null : new CitedAnswer(searches.Documents.Passages, searches.Metrics, said));
        if (searches is null) return;
        _thinking = new CitedAnswer(searches.Documents.Passages, metrics: null);
        _refusal = new CitedAnswer(searches.Documents.Passages, metrics: null);
    }

    public ModelCall Call { get; }

    /// <summary>Whether the model has said anything, shown or held back.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Whether the model has said that this was all.</summary>
    public bool IsWhole => _composer.IsWhole;

    /// <summary>What the vendor said of its usage, where it came so far.</summary>
    public TokenUsage? Usage => _composer.Usage;

    /// <summary>The searches that the model asks for now that it has ended: the queries of each.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Searches => _documents?.SearchesIn([.. _composer.Calls]) ?? [];

    public static RunAttempt Begin(ResponseRun run, ITokenCounter tokens, TimeProvider clock)
    {
        var composer = new ResponseComposer(run.Response, clock);
        var said = TextSinceSearch(run.Response);
        var (model, request) = run.Searches?.Documents.NextCall() ?? run.Call;
        // Vendors refuse a message without a word, so white space begins again.
        if (string.IsNullOrWhiteSpace(said))
        {
            var anew = run.Searches is null ? run.Call : new ModelCall(model, request with { MaxCompletionTokens = LeftOf(request.MaxCompletionTokens) });
            return new RunAttempt(composer, anew, said, said.Length == 0 ? null : new OverlapTrimmer(said, shown: 0), run.Searches);
        }

        // The model goes on with what it wrote, markers and all.
        var written = run.Searches?.Said() ?? said;
        // Vendors refuse a prefill that ends in white space; the model then begins with it.
        var shown = model.TakesPrefill ? written.TrimEnd() : written;
        var continued = request with
        {
            Messages =
            [
                .. request.Messages,
                new ChatMessage { Role = "assistant", Content = Json(shown) },
                .. model.TakesPrefill ? [] : (ChatMessage[])[new ChatMessage { Role = "user", Content = Json(GoOnPrompt.For(said)) }],
            ],
            MaxCompletionTokens = LeftOf(request.MaxCompletionTokens),
            // Asked for the rest of an object, a model that is held to a schema could only start again.
            ResponseFormat = model.TakesPrefill ? request.ResponseFormat : null,
        };
        var trimmer = new OverlapTrimmer(said, said.Length - (written.Length - shown.Length)) { IsAsked = !model.TakesPrefill };
        return new RunAttempt(composer, new ModelCall(model, continued), said, trimmer, run.Searches);

        int? LeftOf(int? limit) => limit is { } most && TextOf(run.Response) is { Length: > 0 } all ? Math.Max(1, most - tokens.Count(model.UpstreamName, all)) : limit;
    }

    /// <summary>What has been said so far, in this and all earlier attempts.</summary>
    public static string TextOf(Response response) => TextOf(response.Output);

    /// <summary>Thinking that broke off cannot be taken up again: it is closed before the next begins.</summary>
    public IEnumerable<ResponseEvent> CloseThinking() => _composer.IsThinking ? _composer.Close(ItemStatus.Incomplete) : [];

    public IEnumerable<ResponseEvent> On(ModelDelta delta)
    {
        HasContent |= delta.IsContent;
        if (_isPlain || !delta.IsContent) return _composer.On(delta);
        return delta switch
        {
            ModelDelta.Text text => FlushedThinking().Concat(Say(text, _text.Accept(text.Value))),
            ModelDelta.Reasoning thought when _thinking is not null => FlushedText().Concat(Unmarked(_thinking.Accept(thought.Value), text => thought with { Value = text })),
            ModelDelta.Refusal refusal when _refusal is not null => Flushed().Concat(Unmarked(_refusal.Accept(refusal.Value), text => refusal with { Value = text })),
            _ => Flushed().Concat(_composer.On(delta)),
        };
    }

    /// <summary>The model has ended, but its answer goes on after a search.</summary>
    public IEnumerable<ResponseEvent> EndRound() => Flushed().Concat(Later(() => _composer.Close(ItemStatus.Completed)));

    public IEnumerable<ResponseEvent> Finish(Func<TokenUsage> usage) =>
        Flushed().Concat(Later(() => _composer.Finish(usage, name => _documents is null || _documents.Offers(name))));

    private static string TextSinceSearch(Response response) => TextOf(response.Output.Reverse().TakeWhile(item => item is not FileSearchItem).Reverse());

    private static string TextOf(IEnumerable<OutputItem> items) => string.Concat(items.OfType<MessageItem>().SelectMany(message => message.Parts).Select(part => part.Text));

    private IEnumerable<ResponseEvent> Flushed() =>
        FlushedThinking().Concat(FlushedText()).Concat(_refusal is null ? [] : Unmarked(_refusal.Flush(), text => new ModelDelta.Refusal(0, text)));

    private IEnumerable<ResponseEvent> FlushedText() => Say(new ModelDelta.Text(0, ""), _text.Flush());

    private IEnumerable<ResponseEvent> FlushedThinking() => _thinking is null ? [] : Unmarked(_thinking.Flush(), text => new ModelDelta.Reasoning(0, text));

    private IEnumerable<ResponseEvent> Say(ModelDelta.Text delta, IEnumerable<CitedPiece> pieces)
    {
        foreach (var piece in pieces)
        {
            var events = piece.Citation is { } citation ? _composer.Cite(citation)
                // Probabilities belong to the tokens as the model wrote them.
                : _composer.On(piece.Text == delta.Value ? delta : new ModelDelta.Text(delta.Choice, piece.Text));
            foreach (var @event in events) yield return @event;
        }
    }

    private IEnumerable<ResponseEvent> Unmarked(IEnumerable<CitedPiece> pieces, Func<string, ModelDelta> toDelta)
    {
        foreach (var piece in pieces)
            if (piece.Citation is null)
                foreach (var @event in _composer.On(toDelta(piece.Text))) yield return @event;
    }

    // What it says depends on the events before it, which are applied one by one.
    private static IEnumerable<ResponseEvent> Later(Func<IEnumerable<ResponseEvent>> events)
    {
        foreach (var @event in events()) yield return @event;
    }

    private static JsonElement Json(string text) => JsonSerializer.SerializeToElement(text);
}
