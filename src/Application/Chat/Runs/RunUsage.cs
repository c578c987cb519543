using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>What the calls for a response took in all: what vendors said, and our own count for those that broke off before they could.</summary>
public sealed class RunUsage(ITokenCounter tokens)
{
    private readonly ContextWindow _window = new(tokens);

    /// <summary>Everything so far, with the attempt that now ends or breaks off; <paramref name="reported"/> is what its vendor said.</summary>
    internal TokenUsage With(ResponseRun run, ModelCall attempt, TokenUsage? reported) =>
        (reported ?? Estimate(run.Response, attempt, run.Spent)).With(run.Spent);

    /// <summary>For a run whose process died: the attempt began with what the attempts before had said.</summary>
    internal TokenUsage WithLost(Response response, ModelCall call, TokenUsage? spent)
    {
        var lost = Estimate(response, call, spent);
        return (lost with { Input = lost.Input + (spent?.Output ?? 0) }).With(spent);
    }

    /// <summary>
    /// The same for an answer from documents: the attempt had read <paramref name="call"/>, which holds what the searches had found. They have to be repeated
    /// before that is known.
    /// </summary>
    internal TokenUsage WithDocuments(ResponseRun run, ModelCall call)
    {
        var (model, spent) = (call.Model.UpstreamName, run.Spent ?? new TokenUsage(0, 0));
        return spent with { Input = spent.Input + _window.Count(model, call.Request.Messages) - _window.Count(model, run.Call.Request.Messages), IsEstimate = true };
    }

    private TokenUsage Estimate(Response response, ModelCall call, TokenUsage? spent)
    {
        var model = call.Model.UpstreamName;
        var output = response.Output.Sum(item => item switch
        {
            MessageItem message => message.Parts.Sum(part => tokens.Count(model, part.Text) + part.Citations.Sum(citation => tokens.Count(model, citation.Quote))),
            ReasoningItem reasoning => tokens.Count(model, reasoning.Content.Text),
            FunctionCallItem function => tokens.Count(model, function.Arguments),
            _ => 0,
        });
        return new TokenUsage(_window.Count(model, call.Request.Messages), Math.Max(0, output - (spent?.Output ?? 0))) { IsEstimate = true };
    }
}
