using System.Globalization;
using System.Text.Json;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>The limits in a JSON schema, and values that keep them.</summary>
internal static class SchemaNumbers
{
    private const int LongestPadding = 10_000;

    /// <summary>A keyword that is a whole number.</summary>
    public static int Of(JsonElement schema, string keyword, int otherwise = 0) =>
        schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : otherwise;

    /// <summary>Zero, or the number nearest to it within <c>minimum</c>, <c>maximum</c>, their exclusive forms and <c>multipleOf</c>.</summary>
    public static decimal Smallest(JsonElement schema, bool whole)
    {
        var step = Limit(schema, "multipleOf") is { } multiple && multiple > 0 ? multiple : whole ? 1m : 0m;
        var low = Limit(schema, "minimum");
        var high = Limit(schema, "maximum");
        if (Limit(schema, "exclusiveMinimum") is { } above && (low is null || above >= low)) low = NextAfter(above, step, Limit(schema, "maximum") ?? Limit(schema, "exclusiveMaximum"), +1);
        if (Limit(schema, "exclusiveMaximum") is { } below && (high is null || below <= high)) high = NextAfter(below, step, low, -1);
        if (low > 0) return step > 0 ? decimal.Ceiling(low.Value / step) * step : low.Value;
        if (high < 0) return step > 0 ? decimal.Floor(high.Value / step) * step : high.Value;
        return 0;
    }

    /// <summary>The text within <c>minLength</c> and <c>maxLength</c>, which count characters, not UTF-16 units.</summary>
    public static string FitLength(JsonElement schema, string text)
    {
        var most = Of(schema, "maxLength", int.MaxValue);
        var runes = text.EnumerateRunes().ToList();
        if (runes.Count > most) return string.Concat(runes.Take(Math.Max(0, most)));
        var missing = Math.Min(Of(schema, "minLength"), LongestPadding) - runes.Count;
        return missing > 0 ? text + new string('.', missing) : text;
    }

    private static decimal NextAfter(decimal bound, decimal step, decimal? other, int direction)
    {
        if (step > 0) return bound % step == 0 ? bound + direction * step : bound;
        return other is { } end && end != bound ? (bound + end) / 2 : bound + direction;
    }

    private static decimal? Limit(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.Number
        && decimal.TryParse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
