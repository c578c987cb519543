using System.Text.Json;

namespace AiPlatform.FakeModels.Anthropic;

internal sealed class AnthropicVendor : Vendor
{
    public static readonly AnthropicVendor Instance = new();

    public override Prompt Read(JsonElement body, IHeaderDictionary headers) => MessageRequest.Read(body, headers);

    public override StreamFormat Stream(Call call) => new MessageStream(call);

    public override void WriteWhole(Utf8JsonWriter json, Call call) => Message.Write(json, call);

    public override void WriteError(Utf8JsonWriter json, VendorError error, string requestId)
    {
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", error.Type);
        json.WriteString("message", error.Message);
        json.WriteEndObject();
        json.WriteString("request_id", requestId);
        json.WriteEndObject();
    }

    public override VendorError ErrorFor(int status, string model) => status switch
    {
        401 => new(401, "authentication_error", "invalid x-api-key"),
        403 => new(403, "permission_error", "Your API key does not have permission to use the specified resource."),
        404 => new(404, "not_found_error", $"model: {model}"),
        413 => new(413, "request_too_large", "Request exceeds the maximum size"),
        429 => new(429, "rate_limit_error", "This request would exceed your organization's rate limit of 50 requests per minute."),
        504 => new(504, "timeout_error", "The request timed out while processing."),
        529 => new(529, "overloaded_error", "Overloaded"),
        >= 500 => new(status, "api_error", "Internal server error"),
        _ => new(status, "invalid_request_error", "The request was refused because a directive asked for it."),
    };

    public override VendorError TooLong(int promptTokens, int window) => Invalid($"prompt is too long: {promptTokens} tokens > {window} maximum");

    public override VendorError? RefusePrefill(Prompt prompt) =>
        Invalid("This model does not support assistant message prefill. The conversation must end with a user message.");

    public override void SetHeaders(IHeaderDictionary headers, string requestId)
    {
        headers["request-id"] = requestId;
        headers["anthropic-organization-id"] = "org-fake";
        headers["anthropic-ratelimit-requests-limit"] = "50";
        headers["anthropic-ratelimit-requests-remaining"] = "49";
    }

    public static VendorError Invalid(string message) => new(400, "invalid_request_error", message);
}
