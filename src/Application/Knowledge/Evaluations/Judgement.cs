using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>A hit of an evaluated search. Its score and its place are those of the best passage.</summary>
internal sealed record JudgedHit(string FileId, string Filename, int Start, int End, int Page, double Score);

/// <summary>
/// What of the relevant was found where. A question whose answers are whole files is judged by documents: their hits are collapsed, each file counts once, at its best rank. One that names
/// a passage is judged by passages: a hit shows one if it shares at least half of it, or lies within it by half.
/// </summary>
internal sealed record Judgement
{
    public required IReadOnlyList<JudgedHit> Hits { get; init; }

    /// <summary>For each that is relevant its first rank, or 0.</summary>
    public required int[] FoundAt { get; init; }

    /// <summary>The ranks that show anything relevant.</summary>
    public required int[] RelevantAt { get; init; }

    public static Judgement Of(IReadOnlyList<RelevantPassage> relevant, IReadOnlyList<DocumentHit> hits)
    {
        List<DocumentHit> ranked = [.. relevant.All(one => one.IsFile) ? hits.DistinctBy(hit => hit.FileId) : hits];
        var found = new int[relevant.Count];
        var ranks = new List<int>();
        var quotes = relevant.Select(one => one.Quote is { } quote ? FoldedText.Of(quote) : null).ToArray();
        foreach (var (index, hit) in ranked.Index())
        {
            var text = quotes.Any(quote => quote is not null) ? FoldedText.Of(hit.Text) : "";
            var isRelevant = false;
            for (var i = 0; i < found.Length; i++)
            {
                if (!Shows(hit, text, relevant[i], quotes[i])) continue;
                isRelevant = true;
                if (found[i] == 0) found[i] = index + 1;
            }

            if (isRelevant) ranks.Add(index + 1);
        }

        return new Judgement
        {
            Hits = [.. ranked.Select(hit => new JudgedHit(hit.FileId.ToWire(), hit.Filename, hit.Start, hit.End, hit.PageAt(hit.Start), Math.Round(hit.Score, 6)))],
            FoundAt = found,
            RelevantAt = [.. ranks],
        };
    }

    private static bool Shows(DocumentHit hit, string text, RelevantPassage relevant, string? quote)
    {
        if (relevant.FileId is { } file && hit.FileId.ToWire() != file) return false;
        if (relevant is { Start: { } start, End: { } end })
        {
            var shared = Math.Min(end, hit.End) - Math.Max(start, hit.Start);
            return shared > 0 && shared * 2L >= Math.Min(end - start, hit.End - hit.Start);
        }

        return quote is null || FoldedText.SharesHalf(text, quote);
    }
}
