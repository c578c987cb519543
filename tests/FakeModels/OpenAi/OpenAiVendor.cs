using System.Globalization;
using System.Text.Json;

namespace AiPlatform.FakeModels.OpenAi;

internal sealed class OpenAiVendor : Vendor
{
    public static readonly OpenAiVendor Instance = new();

    public override Prompt Read(JsonElement body, IHeaderDictionary headers) => ChatRequest.Read(body);

    public override StreamFormat Stream(Call call) => new ChatStream(call);

    public override void WriteWhole(Utf8JsonWriter json, Call call) => ChatCompletion.Write(json, call);

    public override void WriteError(Utf8JsonWriter json, VendorError error, string requestId)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        json.WriteString("type", error.Type);
        json.WriteString("param", error.Param);
        json.WriteString("code", error.Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public override VendorError ErrorFor(int status, string model) => status switch
    {
        400 => Invalid("The request was refused because a directive asked for it."),
        401 => new(401, "invalid_request_error", "Incorrect API key provided: fake. You can find your API key at https://platform.openai.com/account/api-keys.", "invalid_api_key"),
        403 => new(403, "invalid_request_error", "Country, region, or territory not supported", "unsupported_country_region_territory"),
        404 => new(404, "invalid_request_error", $"The model `{model}` does not exist or you do not have access to it.", "model_not_found"),
        429 => new(429, "requests", $"Rate limit reached for {model} in organization org-fake on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s.", "rate_limit_exceeded"),
        503 => new(503, "server_error", "The engine is currently overloaded, please try again later"),
        _ => new(status, status < 500 ? "invalid_request_error" : "server_error", "The server had an error while processing your request. Sorry about that!"),
    };

    public override VendorError TooLong(int promptTokens, int window) => Invalid(
        $"This model's maximum context length is {window} tokens. However, your messages resulted in {promptTokens} tokens. Please reduce the length of the messages.",
        "context_length_exceeded", "messages");

    // OpenAI accepts a final assistant message and simply answers anew.
    public override VendorError? RefusePrefill(Prompt prompt) => null;

    public override void SetHeaders(IHeaderDictionary headers, string requestId)
    {
        headers["x-request-id"] = requestId;
        headers["openai-version"] = "2020-10-01";
        headers["openai-organization"] = "org-fake";
        headers["openai-processing-ms"] = 12.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-limit-requests"] = "10000";
        headers["x-ratelimit-remaining-requests"] = "9999";
        headers["x-ratelimit-reset-requests"] = "6ms";
    }

    public static VendorError Invalid(string message, string? code = null, string? param = null) =>
        new(400, "invalid_request_error", message, code, param);
}
