using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>Refuses what would change the answer and cannot be done; sampling parameters change nothing here and are accepted.</summary>
internal static class OfflineLimits
{
    public static void Check(ChatCompletionRequest request)
    {
        if (request.Logprobs == true || request.TopLogprobs > 0) throw Unsupported("log probabilities", request.Logprobs == true ? "logprobs" : "top_logprobs");
        if (request.Extra is null) return;
        if (request.Extra.TryGetValue("modalities", out var modalities) && modalities.ValueKind == JsonValueKind.Array && modalities.EnumerateArray().Any(modality => modality.ValueEquals("audio")))
            throw Unsupported("audio", "modalities");
        if (Asks(request, "audio")) throw Unsupported("audio", "audio");
        if (Asks(request, "web_search_options")) throw Unsupported("a web search", "web_search_options");
        if (request.Extra.TryGetValue("function_call", out var call) && call.ValueKind == JsonValueKind.Object) throw Unsupported("calls by the old function_call (use tools and tool_choice)", "function_call");
    }

    public static InvalidRequest Unsupported(string what, string param) =>
        new("unsupported_parameter", $"The offline model cannot give {what}. Leave '{param}' out, or choose another model.", param);

    private static bool Asks(ChatCompletionRequest request, string name) => request.Extra!.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Object;
}
