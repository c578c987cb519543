using System.Text.Json;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>The tool <c>file_search</c> as a request has it: which documents an answer may draw on, and how they are searched.</summary>
internal sealed record FileSearchTool
{
    public const string Type = "file_search";
    public const int DefaultResults = 10;

    /// <summary>What the request calls it: what errors name.</summary>
    public required string Param { get; init; }

    public required IReadOnlyList<string> StoreIds { get; init; }
    public int MaxResults { get; init; } = DefaultResults;
    public AttributeFilter? Filter { get; init; }
    public DocumentRanking Ranking { get; init; } = new();

    /// <summary>Ours: the caller vouches for the documents, so the model may call the caller's functions after it has read them.</summary>
    public bool IsTrusted { get; init; }

    /// <summary>The model must search before it answers.</summary>
    public bool IsForced { get; init; }

    /// <summary>Whether results are shown in the items.</summary>
    public bool ShowsResults { get; init; }

    /// <summary>How often the documents may be searched for one answer.</summary>
    public int MostSearches { get; init; } = DefaultSearches;

    private const int DefaultSearches = 8;

    public IReadOnlyList<VectorStoreId> Stores => [.. StoreIds.Select(id => Ids.Parse<VectorStoreId>(id)).OfType<VectorStoreId>()];

    /// <summary>The tool that a new response has, also where <c>tool_choice</c> says it is not to be used; null where it has none.</summary>
    public static FileSearchTool? In(CreateResponseRequest request)
    {
        FileSearchTool? found = null;
        for (var i = 0; i < (request.Tools?.Count ?? 0); i++)
        {
            if (!IsFileSearch(request.Tools![i])) continue;
            if (found is not null) throw new InvalidRequest("invalid_value", $"Invalid 'tools[{i}]': there is a file_search before it. Name all vector stores in one.", $"tools[{i}]");
            found = FileSearchReader.Read(request.Tools[i], $"tools[{i}]");
        }

        return found is null ? null : found with
        {
            ShowsResults = request.Include?.Contains("file_search_call.results") is true,
            MostSearches = Math.Min(request.MaxToolCalls ?? DefaultSearches, DefaultSearches),
            IsForced = Forces(request.ToolChoice, hasFunctions: request.Tools!.Count > 1),
        };
    }

    /// <summary>The tool as the model of a response may use it; null where it may not.</summary>
    public static FileSearchTool? UsableIn(CreateResponseRequest request) => Allows(request.ToolChoice) && In(request) is { MostSearches: > 0 } tool ? tool : null;

    /// <summary>The documents of a chat completion; null where it has none.</summary>
    public static FileSearchTool? In(ChatCompletionRequest request) => request.FileSearch is { ValueKind: not JsonValueKind.Null } given
        ? FileSearchReader.Read(given, Type) with { IsForced = Forces(request.ToolChoice, hasFunctions: request.Tools?.Count > 0) }
        : null;

    /// <summary>The same, where <c>tool_choice</c> lets the model use them.</summary>
    public static FileSearchTool? UsableIn(ChatCompletionRequest request) => Allows(request.ToolChoice) ? In(request) : null;

    public static bool IsFileSearch(JsonElement tool) => tool.ValueKind is JsonValueKind.Object && TypeOf(tool) == Type;

    private static bool Allows(JsonElement? choice) => choice switch
    {
        { ValueKind: JsonValueKind.String } word => word.GetString() != "none",
        // Another tool by name: the model is to call that one, and nothing else.
        { ValueKind: JsonValueKind.Object } one => IsFileSearch(one) || AllowedIn(one)?.Any(IsFileSearch) is true,
        _ => true,
    };

    private static bool Forces(JsonElement? choice, bool hasFunctions) => choice switch
    {
        { ValueKind: JsonValueKind.String } word => word.GetString() == "required" && !hasFunctions,
        { ValueKind: JsonValueKind.Object } one => IsFileSearch(one) || (AllowedIn(one) is { } allowed && ModeOf(one) == "required" && allowed.All(IsFileSearch)),
        _ => false,
    };

    private static List<JsonElement>? AllowedIn(JsonElement choice) =>
        TypeOf(choice) == "allowed_tools" && choice.TryGetProperty("tools", out var tools) && tools.ValueKind is JsonValueKind.Array ? [.. tools.EnumerateArray()] : null;

    private static string? ModeOf(JsonElement choice) => choice.TryGetProperty("mode", out var mode) && mode.ValueKind is JsonValueKind.String ? mode.GetString() : null;

    private static string? TypeOf(JsonElement value) => value.TryGetProperty("type", out var type) && type.ValueKind is JsonValueKind.String ? type.GetString() : null;
}
