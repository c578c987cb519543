using System.Text.Json;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Knowledge.Contracts;

/// <summary>Reads the API's filters on attributes, and says which part of one cannot be used.</summary>
public static class AttributeFilterReader
{
    // Deep or wide enough for what programs write, too small to keep a database busy.
    private const int Deepest = 16;
    private const int MostComparisons = 100;
    private const int MostValues = 1000;

    private static readonly Dictionary<string, AttributeOperator> Operators = new(StringComparer.Ordinal)
    {
        ["eq"] = AttributeOperator.Equal,
        ["ne"] = AttributeOperator.NotEqual,
        ["gt"] = AttributeOperator.Greater,
        ["gte"] = AttributeOperator.GreaterOrEqual,
        ["lt"] = AttributeOperator.Less,
        ["lte"] = AttributeOperator.LessOrEqual,
        ["in"] = AttributeOperator.In,
        ["nin"] = AttributeOperator.NotIn,
    };

    /// <param name="filter">As the client sent it; null and JSON's null are no filter.</param>
    /// <param name="param">What the client calls it.</param>
    public static AttributeFilter? Read(JsonElement? filter, string param)
    {
        var left = MostComparisons;
        return filter is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given ? Read(given, param, depth: 0, ref left) : null;
    }

    private static AttributeFilter Read(JsonElement filter, string path, int depth, ref int left)
    {
        if (filter.ValueKind is not JsonValueKind.Object) throw Invalid(path, "it must be an object: a comparison with type, key and value, or 'and' or 'or' with filters.");
        if (depth > Deepest) throw Invalid(path, $"filters are nested more than {Deepest} deep.");
        var type = filter.TryGetProperty("type", out var named) && named.ValueKind is JsonValueKind.String ? named.GetString()! : "";
        if (type is not ("and" or "or")) return ReadComparison(filter, type, path, ref left);
        if (!filter.TryGetProperty("filters", out var filters) || filters.ValueKind is not JsonValueKind.Array || filters.GetArrayLength() == 0)
            throw Invalid($"{path}.filters", "it must be a list of at least one filter.");
        var parts = new List<AttributeFilter>();
        foreach (var part in filters.EnumerateArray()) parts.Add(Read(part, $"{path}.filters[{parts.Count}]", depth + 1, ref left));
        return type == "and" ? new AttributeFilter.All(parts) : new AttributeFilter.Any(parts);
    }

    private static AttributeFilter.Comparison ReadComparison(JsonElement filter, string type, string path, ref int left)
    {
        if (!Operators.TryGetValue(type, out var op)) throw Invalid($"{path}.type", $"it must be one of: {string.Join(", ", Operators.Keys)}, and, or.");
        if (--left < 0) throw Invalid(path, $"there are more than {MostComparisons} comparisons.");
        if (!filter.TryGetProperty("key", out var key) || key.ValueKind is not JsonValueKind.String || key.GetString() is not { Length: > 0 } attribute)
            throw Invalid($"{path}.key", "it must be the name of an attribute.");
        if (!filter.TryGetProperty("value", out var value)) throw Invalid($"{path}.value", "it is missing.");
        return new AttributeFilter.Comparison(op, attribute, op is AttributeOperator.In or AttributeOperator.NotIn ? Several(value, path) : [One(value, op, path)]);
    }

    private static JsonElement One(JsonElement value, AttributeOperator op, string path)
    {
        if (!IsScalar(value)) throw Invalid($"{path}.value", "it must be a string, a number or a boolean; lists are for 'in' and 'nin'.");
        if (op is not (AttributeOperator.Equal or AttributeOperator.NotEqual) && value.ValueKind is (JsonValueKind.True or JsonValueKind.False))
            throw Invalid($"{path}.value", "true and false are neither greater nor less than anything; compare with 'eq' or 'ne'.");
        return value.Clone();
    }

    private static List<JsonElement> Several(JsonElement value, string path)
    {
        if (value.ValueKind is not JsonValueKind.Array) throw Invalid($"{path}.value", "'in' and 'nin' need a list of strings or numbers.");
        if (value.GetArrayLength() > MostValues) throw Invalid($"{path}.value", $"the list has more than {MostValues} values.");
        if (value.EnumerateArray().Any(one => !IsScalar(one))) throw Invalid($"{path}.value", "the list may hold strings, numbers and booleans only.");
        return [.. value.EnumerateArray().Select(one => one.Clone())];
    }

    private static bool IsScalar(JsonElement value) => value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    private static InvalidRequest Invalid(string path, string why) => new("invalid_value", $"Invalid '{path}': {why}", path);
}
