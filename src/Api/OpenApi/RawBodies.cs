namespace AiPlatform.Api.OpenApi;

/// <summary>
/// What actions answer with where their signature cannot say it, because the JSON is written already (a vendor's answer, a stored object) or is a
/// stream. The names are those of schemas in the folder <c>Schemas</c>.
/// </summary>
internal static class RawBodies
{
    private static readonly Dictionary<string, RawBody> ByOperation = new()
    {
        ["createChatCompletion"] = new("ChatCompletion", Event: "ChatCompletionChunk"),
        ["createResponse"] = new("Response", Event: "ResponseStreamEvent"),
        ["getResponse"] = new("Response", Event: "ResponseStreamEvent"),
        ["cancelResponse"] = new("Response"),
        ["listInputItems"] = new("ItemList"),
        ["createConversationItems"] = new("ItemList"),
        ["listConversationItems"] = new("ItemList"),
        ["getConversationItem"] = new("Item"),
        ["downloadFile"] = new("FileContent", Type: "application/octet-stream"),
        ["followVectorStore"] = new(Schema: null, Event: "StoreEvent"),
    };

    /// <summary>Forms are read as they arrive, so no signature has them either.</summary>
    private static readonly Dictionary<string, string> FormsByOperation = new() { ["createFile"] = "FileForm", ["addUploadPart"] = "UploadPartForm" };

    public static RawBody? Of(string operation) => ByOperation.GetValueOrDefault(operation);

    /// <summary>The schema of the form that an operation takes.</summary>
    public static string? FormOf(string operation) => FormsByOperation.GetValueOrDefault(operation);
}

/// <summary>The schema of the body, none where the answer is always a stream; and of each event's data where it can be one.</summary>
internal sealed record RawBody(string? Schema, string? Event = null, string Type = "application/json");
