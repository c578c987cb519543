using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>Words stored items as the messages of a chat completion. Reasoning is left out: models do not take it back in this API.</summary>
internal static class PromptBuilder
{
    public static List<ChatMessage> ToMessages(string? instructions, IEnumerable<string> items)
    {
        var messages = new List<ChatMessage>();
        if (!string.IsNullOrEmpty(instructions)) messages.Add(new ChatMessage { Role = "system", Content = Json(instructions) });
        foreach (var item in items)
        {
            using var document = JsonDocument.Parse(item);
            Add(messages, document.RootElement);
        }

        return messages;
    }

    private static void Add(List<ChatMessage> messages, JsonElement item)
    {
        switch (item.GetProperty("type").GetString())
        {
            case "message":
                var message = ToMessage(item);
                // What was said before a search and after it is one turn: some models refuse two of one role in a row.
                if (message.Role == "assistant" && messages is [.., { Role: "assistant", ToolCalls: null } before])
                    messages[^1] = before with { Content = Json(string.Join("\n\n", new[] { TextOf(before), TextOf(message) }.Where(text => text.Length > 0))) };
                else messages.Add(message);
                break;
            case "function_call":
                var call = new ChatToolCall
                {
                    Id = item.GetProperty("call_id").GetString()!,
                    Function = new ChatFunctionCall { Name = item.GetProperty("name").GetString()!, Arguments = item.GetProperty("arguments").GetString()! },
                };
                // Calls belong to the assistant's message before them; several stand side by side.
                if (messages is [.., { Role: "assistant" } last]) messages[^1] = last with { ToolCalls = [.. last.ToolCalls ?? [], call] };
                else messages.Add(new ChatMessage { Role = "assistant", ToolCalls = [call] });
                break;
            case "function_call_output":
                messages.Add(new ChatMessage
                {
                    Role = "tool",
                    ToolCallId = item.GetProperty("call_id").GetString(),
                    Content = ToContent(item.GetProperty("output")),
                });
                break;
        }
    }

    private static ChatMessage ToMessage(JsonElement item)
    {
        var role = item.GetProperty("role").GetString()!;
        var content = item.GetProperty("content");
        if (role != "assistant") return new ChatMessage { Role = role, Content = ToContent(content) };
        var text = string.Concat(content.EnumerateArray().Select(part => part.TryGetProperty("text", out var value) ? value.GetString() : ""));
        var refusal = string.Concat(content.EnumerateArray().Select(part => part.TryGetProperty("refusal", out var value) ? value.GetString() : ""));
        return new ChatMessage { Role = role, Content = Json(text.Length == 0 && refusal.Length > 0 ? refusal : text) };
    }

    // A single text goes as a plain string, which every vendor and every old server understands.
    private static JsonElement ToContent(JsonElement content)
    {
        if (content.ValueKind is JsonValueKind.String) return content.Clone();
        var parts = content.EnumerateArray().ToList();
        if (parts is [var only] && only.TryGetProperty("text", out var text)) return text.Clone();
        return JsonSerializer.SerializeToElement(parts.Select(ToPart));
    }

    private static Dictionary<string, object?> ToPart(JsonElement part) => part.GetProperty("type").GetString() switch
    {
        "input_image" => new()
        {
            ["type"] = "image_url",
            ["image_url"] = new Dictionary<string, object?> { ["url"] = part.GetProperty("image_url"), ["detail"] = part.TryGetProperty("detail", out var detail) ? detail : "auto" },
        },
        "input_file" => new()
        {
            ["type"] = "file",
            ["file"] = part.EnumerateObject().Where(field => field.Name is "filename" or "file_data").ToDictionary(field => field.Name, field => (object?)field.Value),
        },
        _ => new() { ["type"] = "text", ["text"] = part.TryGetProperty("text", out var text) ? text : "" },
    };

    private static string TextOf(ChatMessage message) => message.Content!.Value.GetString()!;

    private static JsonElement Json(string text) => JsonSerializer.SerializeToElement(text);
}
