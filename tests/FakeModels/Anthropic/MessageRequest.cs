using System.Text.Json;

namespace AiPlatform.FakeModels.Anthropic;

/// <summary>Reads a Messages request, refusing what Anthropic itself refuses.</summary>
internal static class MessageRequest
{
    public static Prompt Read(JsonElement body, IHeaderDictionary headers)
    {
        var prompt = ReadPrompt(body, headers);
        if (body.TryNumber("max_tokens") is not { } maxTokens) throw Refuse("max_tokens: Field required");
        if (maxTokens < 1) throw Refuse("max_tokens: must be greater than or equal to 1");
        if (body.Try("temperature") is { ValueKind: JsonValueKind.Number } heat && heat.GetDouble() is < 0 or > 1) throw Refuse("temperature: range: 0..1");
        return prompt with { MaxTokens = maxTokens };
    }

    public static Task CountTokensAsync(Exchange exchange)
    {
        var prompt = ReadPrompt(exchange.Recorded.Body, exchange.Context.Request.Headers);
        return exchange.WriteJsonAsync(200, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("input_tokens", prompt.Tokens);
            json.WriteEndObject();
        });
    }

    private static Prompt ReadPrompt(JsonElement body, IHeaderDictionary headers)
    {
        if (!headers.ContainsKey("anthropic-version")) throw Refuse("anthropic-version: header is required");
        if (body.TryText("model") is not { Length: > 0 } model) throw Refuse("model: Field required");
        if (model == "missing-model") throw new VendorException(AnthropicVendor.Instance.ErrorFor(404, model));
        if (body.Try("messages") is not { ValueKind: JsonValueKind.Array } messages) throw Refuse("messages: Field required");
        if (messages.GetArrayLength() == 0) throw Refuse("messages: at least one message is required");
        CheckMessages(messages);

        var turns = new List<Turn>();
        if (body.Try("system") is { } system) turns.Add(new Turn(Speaker.System, Prompt.TextOf(system)));
        turns.AddRange(messages.EnumerateArray().SelectMany(Turns));
        var choice = body.Try("tool_choice");
        return new Prompt
        {
            Model = model,
            Turns = turns,
            Stream = body.IsTrue("stream"),
            Stops = [.. body.Items("stop_sequences").Select(stop => stop.GetString() ?? "")],
            ToolsForbidden = choice?.TryText("type") == "none",
            ForcedTool = choice?.TryText("type") switch
            {
                "tool" => choice?.TryText("name"),
                "any" => body.Items("tools").FirstOrDefault().TryText("name"),
                _ => null,
            },
            JsonSchema = (body.Try("output_config")?.Try("format") ?? body.Try("output_format"))?.Try("schema"),
        };
    }

    /// <summary>Tool results come in user messages; they are turns of their own here.</summary>
    private static IEnumerable<Turn> Turns(JsonElement message)
    {
        var content = message.Try("content") ?? default;
        var blocks = content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().ToList() : [];
        foreach (var result in blocks.Where(block => block.TryText("type") == "tool_result"))
            yield return new Turn(Speaker.Tool, result.Try("content") is { } text ? Prompt.TextOf(text) : "");

        var said = Prompt.TextOf(content);
        var calls = blocks.Count(block => block.TryText("type") == "tool_use");
        if (message.TryText("role") == "assistant") yield return new Turn(Speaker.Assistant, said, calls);
        else if (said.Length > 0 || !blocks.Any(block => block.TryText("type") == "tool_result")) yield return new Turn(Speaker.User, said);
    }

    private static void CheckMessages(JsonElement messages)
    {
        var (index, last) = (0, messages.GetArrayLength() - 1);
        var open = new List<string>();
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.TryText("role");
            if (role is not ("user" or "assistant")) throw Refuse($"messages: Unexpected role \"{role}\". The Messages API accepts \"user\" and \"assistant\"; a system prompt goes into the top-level `system` parameter.");
            if (message.Try("content") is not { } content) throw Refuse($"messages.{index}.content: Field required");
            var prefill = index == last && role == "assistant";
            var text = content.ValueKind == JsonValueKind.String ? content.GetString()! : content.EnumerateArray().LastOrDefault().TryText("text");
            if (text is "" && !prefill) throw Refuse($"messages.{index}: all messages must have non-empty content except for the optional final assistant message");
            if (prefill && text is { Length: > 0 } && char.IsWhiteSpace(text[^1])) throw Refuse("messages: final assistant content cannot end with trailing whitespace");

            foreach (var result in message.Items("content").Where(block => block.TryText("type") == "tool_result"))
            {
                var id = result.TryText("tool_use_id") ?? "";
                if (!open.Remove(id)) throw Refuse($"messages.{index}.content: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
            }

            if (open.Count > 0) throw Refuse($"messages.{index - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", open)}.");
            open.AddRange(message.Items("content").Where(block => block.TryText("type") == "tool_use").Select(block => block.TryText("id") ?? ""));
            index++;
        }

        if (open.Count > 0) throw Refuse($"messages.{last}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", open)}.");
    }

    private static VendorException Refuse(string message) => new(AnthropicVendor.Invalid(message));
}
