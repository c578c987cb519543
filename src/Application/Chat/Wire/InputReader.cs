using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat.Wire;

/// <summary>An input item in the form it is stored and shown in. A reference names one that is stored already, and has no JSON until it is looked up.</summary>
internal sealed record InputItem(ItemId Id, string Type, string Json, bool IsReference = false)
{
    public static InputItem Reference(ItemId id) => new(id, "item_reference", "", IsReference: true);
}

/// <summary>
/// Reads the input of a response or a conversation: a string, or items in the several forms the API takes. Each gets an id of ours, and is brought into
/// the one form it is shown in later: content as parts, a status, no shorthand. Fields we do not know are kept.
/// </summary>
internal sealed class InputReader(string param, DateTimeOffset now)
{
    private static readonly JsonSerializerOptions Json = Application.Common.WireJson.Configure(new JsonSerializerOptions());

    public IReadOnlyList<InputItem> Read(JsonElement? input) => input switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => [],
        { ValueKind: JsonValueKind.String } text => [Readable(param, path => ReadMessage(new JsonObject { ["role"] = "user", ["content"] = text.GetString() }, path))],
        { ValueKind: JsonValueKind.Array } items => [.. items.EnumerateArray().Select((item, index) => Readable($"{param}[{index}]", path => ReadItem(item, path)))],
        _ => throw Invalid(param, "it must be a string or an array of items."),
    };

    // What JSON's grammar allows and nobody can use shows only when it is used.
    private static InputItem Readable(string path, Func<string, InputItem> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw Invalid(path, "it holds text that is not Unicode (half of a surrogate pair), or one name twice.");
        }
    }

    private InputItem ReadItem(JsonElement element, string path)
    {
        if (element.ValueKind is not JsonValueKind.Object) throw Invalid(path, "each item must be an object.");
        var item = JsonObject.Create(element)!;
        var type = Text(item, "type") ?? (item.ContainsKey("role") ? "message" : item.ContainsKey("id") ? "item_reference" : null);
        return type switch
        {
            "message" => ReadMessage(item, path),
            "function_call" => ReadFunctionCall(item, path),
            "function_call_output" => ReadFunctionCallOutput(item, path),
            "reasoning" => ReadReasoning(item),
            "file_search_call" => ReadFileSearchCall(item, path),
            "item_reference" => InputItem.Reference(ItemId.Parse(Text(item, "id")) ?? throw NotFound.Of("Item", Text(item, "id") ?? "")),
            null => throw Invalid($"{path}.type", "it is missing."),
            _ => throw new InvalidRequest("unsupported_value", $"Items of type '{type}' are not supported. Supported are: message, function_call, function_call_output, file_search_call, reasoning, item_reference.", $"{path}.type"),
        };
    }

    private InputItem ReadMessage(JsonObject message, string path)
    {
        var role = Text(message, "role");
        if (role is not ("user" or "assistant" or "system" or "developer")) throw Invalid($"{path}.role", "it must be user, assistant, system or developer.");
        var isAssistant = role == "assistant";
        message["content"] = message["content"] switch
        {
            JsonValue text when text.GetValueKind() is JsonValueKind.String => new JsonArray(isAssistant ? OutputText(text.GetValue<string>()) : new JsonObject { ["type"] = "input_text", ["text"] = text.GetValue<string>() }),
            JsonArray parts => ReadParts(parts, isAssistant, $"{path}.content"),
            _ => throw Invalid($"{path}.content", "it must be a string or an array of content parts."),
        };
        return Keep(message, "message");
    }

    private static JsonArray ReadParts(JsonArray parts, bool isAssistant, string path)
    {
        var result = new JsonArray();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not JsonObject part) throw Invalid($"{path}[{i}]", "each content part must be an object.");
            result.Add(ReadPart((JsonObject)part.DeepClone(), isAssistant, $"{path}[{i}]"));
        }

        return result;
    }

    private static JsonObject ReadPart(JsonObject part, bool isAssistant, string path)
    {
        var type = Text(part, "type");
        switch (type)
        {
            case "input_text" or "output_text" or "text":
                var text = Text(part, "text") ?? throw Invalid($"{path}.text", "it must be a string.");
                if (isAssistant && type != "output_text") return OutputText(text);
                if (!isAssistant) part["type"] = "input_text";
                else
                {
                    part["annotations"] ??= new JsonArray();
                    part["logprobs"] ??= new JsonArray();
                }

                return part;
            case "refusal" when isAssistant:
                if (Text(part, "refusal") is null) throw Invalid($"{path}.refusal", "it must be a string.");
                return part;
            case "input_image" when !isAssistant:
                if (Text(part, "file_id") is not null) throw NoFiles(path);
                if (Text(part, "image_url") is null) throw Invalid($"{path}.image_url", "an image needs a URL or a data: URL.");
                part["detail"] ??= "auto";
                return part;
            case "input_file" when !isAssistant:
                if (Text(part, "file_id") is not null) throw NoFiles(path);
                if (Text(part, "file_data") is null) throw Invalid($"{path}.file_data", "a file needs its data as a data: URL.");
                return part;
            default:
                throw Invalid($"{path}.type", $"'{type}' is no content of {(isAssistant ? "an assistant's" : "this")} message.");
        }
    }

    private InputItem ReadFunctionCall(JsonObject call, string path)
    {
        foreach (var name in new[] { "call_id", "name", "arguments" })
            if (Text(call, name) is null) throw Invalid($"{path}.{name}", "it must be a string.");
        return Keep(call, "function_call");
    }

    private InputItem ReadFunctionCallOutput(JsonObject output, string path)
    {
        if (Text(output, "call_id") is not { Length: > 0 }) throw Invalid($"{path}.call_id", "it must name the call that this is the output of.");
        switch (output["output"])
        {
            case JsonValue text when text.GetValueKind() is JsonValueKind.String:
                break;
            case JsonArray parts:
                output["output"] = ReadParts(parts, isAssistant: false, $"{path}.output");
                break;
            default:
                throw Invalid($"{path}.output", "it must be a string or an array of content parts.");
        }

        return Keep(output, "function_call_output");
    }

    // An output item of an earlier response, sent back as clients do. The model searches anew for what it needs.
    private InputItem ReadFileSearchCall(JsonObject call, string path)
    {
        if (call["queries"] is not JsonArray) throw Invalid($"{path}.queries", "it must be a list of what was searched for.");
        return Keep(call, "file_search_call");
    }

    private InputItem ReadReasoning(JsonObject reasoning)
    {
        reasoning["summary"] ??= new JsonArray();
        return Keep(reasoning, "reasoning");
    }

    private InputItem Keep(JsonObject item, string type)
    {
        var id = ItemId.New(now);
        // Ours first, then whatever else the client sent.
        var kept = new JsonObject { ["id"] = id.ToWire(type), ["type"] = type, ["status"] = Text(item, "status") is "incomplete" ? "incomplete" : "completed" };
        foreach (var (name, value) in item)
            if (name is not ("id" or "type" or "status")) kept[name] = value?.DeepClone();
        return new InputItem(id, type, kept.ToJsonString(Json));
    }

    private static JsonObject OutputText(string text) =>
        new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray() };

    private static string? Text(JsonObject item, string name) =>
        item[name] is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;

    private static InvalidRequest Invalid(string path, string why) => new("invalid_value", $"Invalid '{path}': {why}", path);

    private static InvalidRequest NoFiles(string path) =>
        new("unsupported_value", "Files by id are not supported here. Send the content itself: image_url or file_data, as a data: URL.", $"{path}.file_id");
}
