using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>A conversation as the Messages API has it: instructions apart, then user and assistant by turns.</summary>
internal sealed record Conversation(string? System, IReadOnlyList<RequestMessage> Messages)
{
    /// <summary>The model is to go on from the assistant's last words.</summary>
    public bool HasPrefill => Messages[^1].Role == RequestMessage.Assistant;

    /// <summary>The model is to go on with the results of tools it called.</summary>
    public bool ContinuesToolUse => Messages[^1].Content.Exists(block => block.Type == "tool_result");

    public IEnumerable<string> ToolNamesUsed => Messages.SelectMany(message => message.Content).Where(block => block.Type == "tool_use").Select(block => block.Name!).Distinct();
}

internal static partial class MessageMapper
{
    public static Conversation Map(IReadOnlyList<ChatMessage> messages)
    {
        var system = new List<string>();
        var turns = new List<RequestMessage>();
        for (var index = 0; index < messages.Count; index++)
        {
            var message = messages[index];
            var param = $"messages[{index}]";
            switch (message.Role)
            {
                case "system" or "developer":
                    if (ContentPartMapper.TextOnly(message.Content, param + ".content") is { Length: > 0 } text) system.Add(text);
                    break;
                case "user":
                    Add(turns, RequestMessage.User, ContentPartMapper.Map(message.Content, param + ".content"));
                    break;
                case "assistant":
                    Add(turns, RequestMessage.Assistant, Assistant(message, param));
                    break;
                case "tool":
                    AddToolResult(turns, message, param);
                    break;
                default:
                    throw UnsupportedParameters.Refused(param + ".role", $"takes no messages of role '{message.Role}'. Use 'tool' for the results of tool calls.");
            }
        }

        TrimPrefill(turns);
        return WithUserFirst(system, turns);
    }

    private static IEnumerable<ContentBlock> Assistant(ChatMessage message, string param)
    {
        var text = ContentPartMapper.TextOnly(message.Content, param + ".content");
        if (text.Length == 0) text = message.Refusal ?? "";
        if (!string.IsNullOrWhiteSpace(text)) yield return ContentBlock.OfText(text);
        foreach (var call in message.ToolCalls ?? [])
        {
            if (call.Function is not { } function) throw UnsupportedParameters.Refused(param + ".tool_calls", $"takes no tool calls of type '{call.Type}'. Use 'function'.");
            yield return new ContentBlock("tool_use") { Id = ToolId(call.Id), Name = function.Name, Input = Arguments(function.Arguments) };
        }
    }

    /// <summary>The vendor wants an object; what a model wrote is not always one, and must not break the conversation for good.</summary>
    private static JsonElement Arguments(string written)
    {
        if (string.IsNullOrWhiteSpace(written)) return JsonElement.Parse("{}");
        try
        {
            var parsed = JsonElement.Parse(written);
            if (parsed.ValueKind == JsonValueKind.Object) return parsed;
        }
        catch (JsonException)
        {
            // Wrapped below.
        }

        return JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["invalid_arguments"] = written }, ToolArgumentsJson.Default.DictionaryStringString);
    }

    private static void AddToolResult(List<RequestMessage> turns, ChatMessage message, string param)
    {
        if (string.IsNullOrEmpty(message.ToolCallId))
            throw new InvalidRequest("missing_required_parameter", "A message of role 'tool' must name its tool call in 'tool_call_id'.", param + ".tool_call_id");
        var content = ContentPartMapper.Map(message.Content, param + ".content").ToList();
        var result = new ContentBlock("tool_result") { ToolUseId = ToolId(message.ToolCallId), Content = content.Count > 0 ? content : null };
        Add(turns, RequestMessage.User, []);
        // Results must come before all else in the message after the calls.
        var blocks = turns[^1].Content;
        blocks.Insert(blocks.FindLastIndex(block => block.Type == "tool_result") + 1, result);
    }

    /// <summary>Ids made by other vendors may hold characters that this one refuses.</summary>
    private static string ToolId(string id) => OtherThanToolId().Replace(id, "_");

    private static void Add(List<RequestMessage> turns, string role, IEnumerable<ContentBlock> blocks)
    {
        if (turns.Count == 0 || turns[^1].Role != role) turns.Add(new RequestMessage(role, []));
        turns[^1].Content.AddRange(blocks);
    }

    /// <summary>The vendor refuses an answer begun with white space at its end.</summary>
    private static void TrimPrefill(List<RequestMessage> turns)
    {
        if (turns.Count == 0 || turns[^1].Role != RequestMessage.Assistant || turns[^1].Content is not [.., { Text: { } text } last]) return;
        turns[^1].Content[^1] = last with { Text = text.TrimEnd() };
    }

    private static Conversation WithUserFirst(List<string> system, List<RequestMessage> turns)
    {
        // Turns can be empty (a blank message), and leaving one out can bring two of a role together.
        var messages = new List<RequestMessage>();
        foreach (var turn in turns.Where(turn => turn.Content.Count > 0)) Add(messages, turn.Role, turn.Content);

        var instructions = system.Count > 0 ? string.Join("\n\n", system) : null;
        if (messages.Count == 0)
        {
            if (instructions is null) throw new InvalidRequest("invalid_value", "'messages' holds no text. Add a message of role 'user'.", "messages");
            return new Conversation(null, [new RequestMessage(RequestMessage.User, [ContentBlock.OfText(instructions)])]);
        }

        // The vendor wants the user to speak first; a conversation that was cut at its start may begin otherwise.
        if (messages[0].Role == RequestMessage.Assistant) messages.Insert(0, new RequestMessage(RequestMessage.User, [ContentBlock.OfText("(The beginning of this conversation is not shown.)")]));
        return new Conversation(instructions, messages);
    }

    [GeneratedRegex("[^a-zA-Z0-9_-]")]
    private static partial Regex OtherThanToolId();
}
