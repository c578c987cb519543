using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>What was found, best first. <c>SearchQuery</c>: what was asked in the end.</summary>
public sealed record SearchResultsPage(IReadOnlyList<string> SearchQuery, IReadOnlyList<SearchResult> Data, bool HasMore)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "vector_store.search_results.page";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? NextPage { get; init; }

    /// <summary>What was searched less well than it should have been.</summary>
    public string? Warning { get; init; }
}

/// <summary>A passage: a stretch of the document's text, from <c>Start</c> to <c>End</c> in UTF-16 units.</summary>
public sealed record SearchResult
{
    public required string FileId { get; init; }
    public required string Filename { get; init; }
    public required double Score { get; init; }
    public required JsonElement Attributes { get; init; }
    public required IReadOnlyList<SearchResultText> Content { get; init; }
    public required int Start { get; init; }
    public required int End { get; init; }

    /// <summary>The page it begins on.</summary>
    public required int Page { get; init; }

    public required IReadOnlyList<SearchResultPage> Pages { get; init; }
    public required IReadOnlyList<string> Headings { get; init; }
    public SearchExplanation? Explanation { get; init; }

    internal static SearchResult Of(DocumentHit hit) => new()
    {
        FileId = hit.FileId.ToWire(),
        Filename = hit.Filename,
        Score = Math.Round(hit.Score, 4),
        Attributes = JsonElement.Parse(hit.Attributes),
        Content = [new SearchResultText(hit.Text)],
        Start = hit.Start,
        End = hit.End,
        Page = hit.Pages[0].Page,
        Pages = [.. hit.Pages.Select(page => new SearchResultPage(page.Page, page.Position))],
        Headings = hit.Headings,
        Explanation = hit.Explanation is { } why ? SearchExplanation.Of(why) : null,
    };
}

public sealed record SearchResultText(string Text)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "text";
}

/// <summary>A page that the passage stands on, and where in the document's text it begins.</summary>
public sealed record SearchResultPage(int Page, int Start);

/// <summary>Why it was found. Ranks count from 1; what is missing did not find it.</summary>
public sealed record SearchExplanation
{
    /// <summary>Which of the queries it answers best.</summary>
    public required string Query { get; init; }

    public int? TextRank { get; init; }
    public double? TextScore { get; init; }

    /// <summary>The words that were found, as they stand in the index, with what each added.</summary>
    public required IReadOnlyDictionary<string, double> Terms { get; init; }

    public int? EmbeddingRank { get; init; }

    /// <summary>The cosine of the angle between the vectors of query and passage.</summary>
    public double? Similarity { get; init; }

    public double? RerankScore { get; init; }

    internal static SearchExplanation Of(HitExplanation why) => new()
    {
        Query = why.Query,
        TextRank = why.TextRank,
        TextScore = Round(why.TextScore),
        Terms = why.Terms.ToDictionary(term => term.Key, term => Math.Round(term.Value, 4)),
        EmbeddingRank = why.VectorRank,
        Similarity = Round(why.Similarity),
        RerankScore = Round(why.RerankScore),
    };

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 4) : null;
}
