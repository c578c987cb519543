using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Application.Knowledge.Contracts;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// A filter as a condition on <c>f.attributes</c>. Whatever the caller wrote goes in as a parameter. Equality is containment, which the index on attributes answers; the kind of a value is
/// part of it.
/// </summary>
internal sealed class FilterSql
{
    private const int LongestNumber = 40;

    private readonly NpgsqlParameterCollection _parameters;

    private FilterSql(NpgsqlParameterCollection parameters) => _parameters = parameters;

    /// <summary>The condition; what it needs is added to <paramref name="parameters"/>, which are positional.</summary>
    public static string Of(AttributeFilter? filter, NpgsqlParameterCollection parameters) => filter is null ? "TRUE" : new FilterSql(parameters).Condition(filter);

    private string Condition(AttributeFilter filter) => filter switch
    {
        AttributeFilter.All all => Join(all.Filters, " AND "),
        AttributeFilter.Any any => Join(any.Filters, " OR "),
        AttributeFilter.Comparison one => Comparison(one),
        _ => throw new InvalidOperationException($"Unknown filter {filter.GetType().Name}."),
    };

    private string Join(IReadOnlyList<AttributeFilter> filters, string with) => $"({string.Join(with, filters.Select(Condition))})";

    // What no attribute can be is not shown to the database, which would refuse it.
    private string Comparison(AttributeFilter.Comparison given)
    {
        var one = given with { Values = [.. given.Values.Where(value => CanBe(value) || IsOrdered(given.Operator))] };
        if (one.Values.Count > 0 && IsText(one.Key) && one.Values.All(value => value.ValueKind is not JsonValueKind.String || IsText(value.GetString()!))) return Possible(one);
        return one.Operator is AttributeOperator.NotEqual or AttributeOperator.NotIn ? "TRUE" : "FALSE";
    }

    private static bool CanBe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => IsText(value.GetString()!),
        JsonValueKind.Number => double.IsFinite(value.GetDouble()),
        _ => true,
    };

    private static bool IsText(string text) => !text.Contains('\0', StringComparison.Ordinal);

    private static bool IsOrdered(AttributeOperator op) => op is AttributeOperator.Greater or AttributeOperator.GreaterOrEqual or AttributeOperator.Less or AttributeOperator.LessOrEqual;

    private string Possible(AttributeFilter.Comparison one) => one.Operator switch
    {
        AttributeOperator.Equal => $"f.attributes @> {Pair(one.Key, one.Values[0])}",
        AttributeOperator.NotEqual => $"NOT f.attributes @> {Pair(one.Key, one.Values[0])}",
        AttributeOperator.In => $"f.attributes @> ANY ({Pairs(one)})",
        AttributeOperator.NotIn => $"NOT f.attributes @> ANY ({Pairs(one)})",
        AttributeOperator.Greater => Ordered(one, ">"),
        AttributeOperator.GreaterOrEqual => Ordered(one, ">="),
        AttributeOperator.Less => Ordered(one, "<"),
        AttributeOperator.LessOrEqual => Ordered(one, "<="),
        _ => throw new InvalidOperationException($"Unknown operator {one.Operator}."),
    };

    // CASE, because AND may be evaluated in either order and a text is no number. Texts go by their code points, as dates in ISO 8601 want it.
    private string Ordered(AttributeFilter.Comparison one, string than)
    {
        var (key, value) = (Add(one.Key), one.Values[0]);
        return value.ValueKind is JsonValueKind.Number
            ? $"CASE WHEN jsonb_typeof(f.attributes -> {key}) = 'number' THEN (f.attributes ->> {key})::numeric {than} {Add(NumberOf(value))}::numeric ELSE FALSE END"
            : $"CASE WHEN jsonb_typeof(f.attributes -> {key}) = 'string' THEN (f.attributes ->> {key}) COLLATE \"C\" {than} {Add(value.GetString()!)} ELSE FALSE END";
    }

    private string Pair(string key, JsonElement value) => $"{Add(JsonOf(key, value))}::jsonb";

    private string Pairs(AttributeFilter.Comparison one) => $"{Add(one.Values.Select(value => JsonOf(one.Key, value)).ToArray())}::jsonb[]";

    private static string JsonOf(string key, JsonElement value) =>
        new JsonObject { [key] = value.ValueKind is JsonValueKind.Number ? JsonNode.Parse(NumberOf(value)) : JsonValue.Create(value) }.ToJsonString();

    // Letter by letter where that is short; an exponent may be beyond anything that a database can hold.
    private static string NumberOf(JsonElement value)
    {
        var text = value.GetRawText();
        if (text.Length <= LongestNumber && !text.Contains('e', StringComparison.OrdinalIgnoreCase)) return text;
        return Math.Clamp(value.GetDouble(), double.MinValue, double.MaxValue).ToString("R", CultureInfo.InvariantCulture);
    }

    private string Add<T>(T value)
    {
        _parameters.Add(Sql.Of(value));
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }
}
