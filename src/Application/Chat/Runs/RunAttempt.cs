using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// One call of the model for a response: the first, or one that goes on where the call before broke off. The new call gets what has been said as the beginning
/// of the model's own answer, where the model takes such a prefill, or else is asked to go on from there.
/// </summary>
internal sealed class RunAttempt
{
    private readonly ResponseComposer _composer;
    private readonly OverlapTrimmer? _trimmer;

    private RunAttempt(ResponseComposer composer, ModelCall call, OverlapTrimmer? trimmer) => (_composer, Call, _trimmer) = (composer, call, trimmer);

    public ModelCall Call { get; }

    /// <summary>Whether the model has said anything, shown or held back.</summary>
    public bool HasContent { get; private set; }

    /// <summary>Whether the model has said that this was all.</summary>
    public bool IsWhole => _composer.IsWhole;

    /// <summary>What the vendor said of its usage, where it came so far.</summary>
    public TokenUsage? Usage => _composer.Usage;

    public static RunAttempt Begin(ResponseRun run, ITokenCounter tokens, TimeProvider clock)
    {
        var composer = new ResponseComposer(run.Response, clock);
        var said = TextOf(run.Response);
        // Vendors refuse a message without a word, so white space begins again.
        if (string.IsNullOrWhiteSpace(said)) return new RunAttempt(composer, run.Call, said.Length == 0 ? null : new OverlapTrimmer(said, shown: 0));
        var (model, request) = run.Call;
        // Vendors refuse a prefill that ends in white space; the model then begins with it.
        var shown = model.TakesPrefill ? said.TrimEnd() : said;
        var continued = request with
        {
            Messages =
            [
                .. request.Messages,
                new ChatMessage { Role = "assistant", Content = Json(shown) },
                .. model.TakesPrefill ? [] : (ChatMessage[])[new ChatMessage { Role = "user", Content = Json(GoOnPrompt.For(said)) }],
            ],
            MaxCompletionTokens = request.MaxCompletionTokens is { } limit ? Math.Max(1, limit - tokens.Count(model.UpstreamName, said)) : null,
            // Asked for the rest of an object, a model that is held to a schema could only start again.
            ResponseFormat = model.TakesPrefill ? request.ResponseFormat : null,
        };
        return new RunAttempt(composer, new ModelCall(model, continued), new OverlapTrimmer(said, shown.Length) { IsAsked = !model.TakesPrefill });
    }

    /// <summary>What has been said so far, in this and all earlier attempts.</summary>
    public static string TextOf(Response response) => string.Concat(
        response.Output.OfType<MessageItem>().SelectMany(message => message.Parts).Select(part => part.Text));

    /// <summary>Thinking that broke off cannot be taken up again: it is closed before the next begins.</summary>
    public IEnumerable<ResponseEvent> CloseThinking() => _composer.IsThinking ? _composer.Close(ItemStatus.Incomplete) : [];

    public IEnumerable<ResponseEvent> On(ModelDelta delta)
    {
        HasContent |= delta.IsContent;
        if (_trimmer is null) return _composer.On(delta);
        if (delta is ModelDelta.Text text)
        {
            var news = _trimmer.Accept(text.Value);
            return _composer.On(news.Length == text.Value.Length ? text : new ModelDelta.Text(text.Choice, news));
        }

        return delta.IsContent ? Flushed().Concat(_composer.On(delta)) : _composer.On(delta);
    }

    public IEnumerable<ResponseEvent> Finish(Func<TokenUsage> usage) => Flushed().Concat(_composer.Finish(usage));

    private IEnumerable<ResponseEvent> Flushed() => _trimmer?.Flush() is { Length: > 0 } held ? _composer.On(new ModelDelta.Text(0, held)) : [];

    private static JsonElement Json(string text) => JsonSerializer.SerializeToElement(text);
}
