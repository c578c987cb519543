using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>Refuses what the Messages API cannot do and what cannot be left out without changing the answer.</summary>
internal static class UnsupportedParameters
{
    public static void Refuse(ChatCompletionRequest request)
    {
        if (request.N > 1) throw Refused("n", "writes one answer per request. Set 'n' to 1, or send the request several times.");
        if (request.Logprobs == true) throw Refused("logprobs", "gives no log probabilities. Remove 'logprobs'.");
        if (request.TopLogprobs > 0) throw Refused("top_logprobs", "gives no log probabilities. Remove 'top_logprobs'.");
        if (request.FrequencyPenalty is not (null or 0)) throw Refused("frequency_penalty", "has no such penalty. Remove 'frequency_penalty'.");
        if (request.PresencePenalty is not (null or 0)) throw Refused("presence_penalty", "has no such penalty. Remove 'presence_penalty'.");

        foreach (var (name, value) in request.Extra ?? [])
        {
            if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) continue;
            var why = name switch
            {
                "seed" when !IsZero(value) => "cannot repeat an answer. Remove 'seed'.",
                "logit_bias" when HasContent(value) => "takes no token biases. Remove 'logit_bias'.",
                "functions" => "takes tools only. Use 'tools' in place of 'functions'.",
                "function_call" => "takes tools only. Use 'tool_choice' in place of 'function_call'.",
                "web_search_options" => "has no web search here. Remove 'web_search_options'.",
                "prediction" => "takes no predicted output. Remove 'prediction'.",
                "audio" => "writes text only. Remove 'audio'.",
                "modalities" when AsksForMoreThanText(value) => "writes text only. Set 'modalities' to [\"text\"], or remove it.",
                _ => null,
            };
            if (why is not null) throw Refused(name, why);
        }
    }

    public static InvalidRequest Refused(string param, string why) => new("unsupported_parameter", $"This model's vendor {why}", param);

    private static bool IsZero(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == 0;

    private static bool HasContent(JsonElement value) => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any();

    private static bool AsksForMoreThanText(JsonElement value) =>
        value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(modality => modality.ValueKind != JsonValueKind.String || !modality.ValueEquals("text"u8));
}
