using System.Text.Json;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>Reads what a request says about searching documents, and names what in it cannot be used.</summary>
internal static class FileSearchReader
{
    private const int MostStores = 100;

    private static readonly string[] Rankers = ["none", "auto", "default-2024-11-15", "default_2024_08_21"];

    public static FileSearchTool Read(JsonElement tool, string param)
    {
        if (tool.ValueKind is not JsonValueKind.Object) throw Invalid(param, "it must be an object with vector_store_ids.");
        return new FileSearchTool
        {
            Param = param,
            StoreIds = ReadStores(tool, $"{param}.vector_store_ids"),
            MaxResults = ReadMost(tool, $"{param}.max_num_results"),
            Filter = AttributeFilterReader.Read(Field(tool, "filters"), $"{param}.filters"),
            Ranking = ReadRanking(Field(tool, "ranking_options"), $"{param}.ranking_options"),
            IsTrusted = ReadTrusted(tool, $"{param}.trusted"),
        };
    }

    private static List<string> ReadStores(JsonElement tool, string path)
    {
        if (Field(tool, "vector_store_ids") is not { ValueKind: JsonValueKind.Array } ids || ids.EnumerateArray().Any(id => id.ValueKind is not JsonValueKind.String))
            throw Invalid(path, "it must be a list of ids of vector stores.");
        if (ids.GetArrayLength() is 0 or > MostStores) throw Invalid(path, $"it must name from 1 to {MostStores} vector stores.");
        return [.. ids.EnumerateArray().Select(id => id.GetString()!).Distinct()];
    }

    private static int ReadMost(JsonElement tool, string path)
    {
        if (Field(tool, "max_num_results") is not { } most) return FileSearchTool.DefaultResults;
        return most.ValueKind is JsonValueKind.Number && most.TryGetInt32(out var number) && number is >= 1 and <= 50 ? number : throw Invalid(path, "it must be a number from 1 to 50.");
    }

    private static bool ReadTrusted(JsonElement tool, string path) => Field(tool, "trusted") switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Invalid(path, "it must be true or false."),
    };

    private static DocumentRanking ReadRanking(JsonElement? options, string path)
    {
        if (options is not { } given) return new DocumentRanking();
        if (given.ValueKind is not JsonValueKind.Object) throw Invalid(path, "it must be an object.");
        var ranker = Field(given, "ranker");
        if (ranker is { } named && (named.ValueKind is not JsonValueKind.String || !Rankers.Contains(named.GetString())))
            throw Invalid($"{path}.ranker", $"it must be one of: {string.Join(", ", Rankers)}.");
        return new DocumentRanking
        {
            Rerank = ranker?.GetString() is not "none",
            ScoreThreshold = Number(given, "score_threshold", path, most: 1) ?? 0,
            Weights = ReadWeights(Field(given, "hybrid_search"), $"{path}.hybrid_search"),
        };
    }

    private static HybridWeights? ReadWeights(JsonElement? weights, string path)
    {
        if (weights is not { } given) return null;
        if (given.ValueKind is not JsonValueKind.Object) throw Invalid(path, "it must be an object with embedding_weight and text_weight.");
        var embedding = Number(given, "embedding_weight", path, most: 1e6) ?? throw Invalid($"{path}.embedding_weight", "it is missing.");
        var text = Number(given, "text_weight", path, most: 1e6) ?? throw Invalid($"{path}.text_weight", "it is missing.");
        return embedding + text > 0 ? new HybridWeights(embedding, text) : throw Invalid(path, "one of the weights must be greater than 0.");
    }

    private static double? Number(JsonElement options, string name, string path, double most)
    {
        if (Field(options, name) is not { } value) return null;
        return value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && number >= 0 && number <= most
            ? number
            : throw Invalid($"{path}.{name}", most == 1 ? "it must be a number from 0 to 1." : "it must be a number of at least 0.");
    }

    private static JsonElement? Field(JsonElement value, string name) =>
        value.TryGetProperty(name, out var field) && field.ValueKind is not JsonValueKind.Null ? field : null;

    private static InvalidRequest Invalid(string path, string why) => new("invalid_value", $"Invalid '{path}': {why}", path);
}
