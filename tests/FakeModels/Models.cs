using AiPlatform.FakeModels.Anthropic;

namespace AiPlatform.FakeModels;

/// <summary>The model lists. A request may name any model; only <c>missing-model</c> does not exist.</summary>
internal static class Models
{
    private const long Created = 1_735_689_600;

    private static readonly string[] OpenAiModels = ["fake-chat", "fake-chat-mini", "fake-reasoner", "fake-embedding"];
    private static readonly string[] AnthropicModels = ["fake-claude", "fake-claude-mini"];

    public static Task RunAsync(Exchange exchange, string id)
    {
        var anthropic = exchange.Vendor is AnthropicVendor;
        var models = anthropic ? AnthropicModels : OpenAiModels;
        if (id.Length == 0)
        {
            return exchange.WriteJsonAsync(200, json => json.WriteRawValue(anthropic
                ? $"{{\"data\":[{string.Join(',', models.Select(Anthropic))}],\"has_more\":false,\"first_id\":\"{models[0]}\",\"last_id\":\"{models[^1]}\"}}"
                : $"{{\"object\":\"list\",\"data\":[{string.Join(',', models.Select(OpenAi))}]}}"));
        }

        if (!models.Contains(id)) throw new VendorException(exchange.Vendor.ErrorFor(404, id));
        return exchange.WriteJsonAsync(200, json => json.WriteRawValue(anthropic ? Anthropic(id) : OpenAi(id)));
    }

    private static string OpenAi(string id) => $"{{\"id\":\"{id}\",\"object\":\"model\",\"created\":{Created},\"owned_by\":\"fake\"}}";

    private static string Anthropic(string id) =>
        $"{{\"type\":\"model\",\"id\":\"{id}\",\"display_name\":\"{id}\",\"created_at\":\"2025-01-01T00:00:00Z\"}}";
}
