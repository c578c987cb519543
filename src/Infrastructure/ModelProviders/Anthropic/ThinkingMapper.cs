using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>What <c>reasoning_effort</c> comes to: whether the model thinks aloud, with what effort, and within how many tokens.</summary>
internal sealed record ThinkingPlan(ThinkingConfig? Thinking, string? Effort, int MaxTokens);

internal static class ThinkingMapper
{
    private const int DefaultMaxTokens = 8192;
    private const int SmallestBudget = 1024;

    public static ThinkingPlan Plan(ModelCall call, ModelTraits traits, Conversation conversation, ToolChoice? toolChoice)
    {
        var limit = call.Request.OutputLimit ?? call.Model.MaxOutputTokens;
        var effort = call.Request.ReasoningEffort;
        if (effort is not (null or "none" or "minimal" or "low" or "medium" or "high" or "xhigh"))
            throw new InvalidRequest("invalid_value", "'reasoning_effort' must be none, minimal, low, medium, high or xhigh.", "reasoning_effort");

        var plain = new ThinkingPlan(null, null, limit ?? DefaultMaxTokens);
        return (effort, traits.Thinking) switch
        {
            (null, _) or (_, ThinkingStyle.None) => plain,
            // Several of the models that think unasked cannot be told not to; the least they all offer is the lowest effort.
            ("none" or "minimal", _) => traits.ThinksUnasked ? plain with { Effort = "low" } : plain,
            (_, ThinkingStyle.Adaptive) => plain with
            {
                Effort = effort == "xhigh" && !traits.HasExtraEffort ? "high" : effort,
                Thinking = toolChoice is { IsForced: true } ? null : new ThinkingConfig("adaptive") { Display = "summarized" },
            },
            _ => WithBudget(plain, effort, limit, MustNotThink(conversation, toolChoice)),
        };
    }

    /// <summary>
    /// With a budget the vendor refuses to think when a tool is forced, when its answer is begun for it, and when it goes on after tool
    /// calls whose signed thinking is not sent back (it has no place in this API). Then an answer without thinking is better than none.
    /// </summary>
    private static bool MustNotThink(Conversation conversation, ToolChoice? toolChoice) =>
        toolChoice is { IsForced: true } || conversation.HasPrefill || conversation.ContinuesToolUse;

    private static ThinkingPlan WithBudget(ThinkingPlan plain, string effort, int? limit, bool mustNotThink)
    {
        var budget = effort switch { "low" => 2048, "medium" => 8192, _ => 16384 };
        // The budget counts towards max_tokens: leave the answer half of a limit that was set, and add to one that was not.
        if (limit is { } tokens) budget = Math.Min(budget, tokens / 2);
        if (mustNotThink || budget < SmallestBudget) return plain;
        return plain with { Thinking = new ThinkingConfig("enabled") { BudgetTokens = budget }, MaxTokens = limit ?? DefaultMaxTokens + budget };
    }
}
