using System.Text.Json.Serialization;
namespace AiPlatform.Application.Common;

/// <summary>A page of a list, as the API shows lists. <c>after=last_id</c> asks for the next.</summary>
public sealed record Page<T>(IReadOnlyList<T> Data, string? FirstId, string? LastId, bool HasMore)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "list";
}

public static class Page
{
    /// <summary>A list that is short enough to be shown at once.</summary>
    public static Page<T> Whole<T>(IEnumerable<T> items, Func<T, string> id) => Of([.. items], hasMore: false, id);

    /// <summary>A page cut from <paramref name="items"/>, of which one more than <paramref name="limit"/> was asked for to see whether there are more.</summary>
    public static Page<T> Cut<T>(List<T> items, int limit, Func<T, string> id) =>
        Of(items.Count > limit ? items.GetRange(0, limit) : items, items.Count > limit, id);

    private static Page<T> Of<T>(List<T> data, bool hasMore, Func<T, string> id) =>
        new(data, data.Count == 0 ? null : id(data[0]), data.Count == 0 ? null : id(data[^1]), hasMore);
}
