using System.Text;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>A chunk that was found, with its neighbours that were found as well: together a stretch of the document.</summary>
internal sealed record FoundPassage(Candidate Best, List<PassagePlace> Places)
{
    /// <summary>What a model that looked at it once more thinks of it.</summary>
    public double? RerankScore { get; init; }

    public double Score { get; init; } = Best.Score;
}

/// <summary>Makes one passage of chunks that stand beside each other, so that no text is shown twice and none is torn apart.</summary>
internal static class Neighbours
{
    // More would be a document, not a passage.
    private const int MostChunks = 3;

    // What is much worse than its neighbour is not part of the answer.
    private const double LeastPart = 0.5;

    /// <summary>Takes them in their order, best first. A text that is in several stores is shown once.</summary>
    public static List<FoundPassage> Merge(IEnumerable<Candidate> candidates, IReadOnlyDictionary<long, PassagePlace> places)
    {
        var passages = new List<FoundPassage>();
        var taken = new HashSet<(FileId File, int Start, int End)>();
        var ends = new Dictionary<(VectorStoreFileId File, int Ordinal), FoundPassage>();
        foreach (var candidate in candidates)
        {
            if (!places.TryGetValue(candidate.ChunkId, out var place) || !taken.Add((place.File, place.Start, place.End))) continue;
            if (Join(ends, candidate, place) is { } joined)
            {
                ends[(place.StoreFile, place.Ordinal)] = joined;
                continue;
            }

            var passage = new FoundPassage(candidate, [place]);
            passages.Add(passage);
            ends[(place.StoreFile, place.Ordinal)] = passage;
        }

        return passages;
    }

    private static FoundPassage? Join(Dictionary<(VectorStoreFileId File, int Ordinal), FoundPassage> ends, Candidate candidate, PassagePlace place)
    {
        var before = ends.GetValueOrDefault((place.StoreFile, place.Ordinal - 1));
        var after = ends.GetValueOrDefault((place.StoreFile, place.Ordinal + 1));
        if (Takes(before) && before!.Places[^1].IsFollowedBy(place) && !(Takes(after) && after!.Best.Score > before.Best.Score))
        {
            before.Places.Add(place);
            return before;
        }

        if (Takes(after) && place.IsFollowedBy(after!.Places[0]))
        {
            after.Places.Insert(0, place);
            return after;
        }

        return null;

        bool Takes(FoundPassage? passage) => passage is not null && passage.Places.Count < MostChunks && candidate.Score >= passage.Best.Score * LeastPart;
    }

    /// <summary>The text of chunks that follow each other, as it stands in the document.</summary>
    public static string TextOf(IReadOnlyList<Passage> chunks)
    {
        if (chunks.Count == 1) return chunks[0].Content;
        var text = new StringBuilder(chunks[0].Content);
        var end = chunks[0].Place.End;
        foreach (var chunk in chunks.Skip(1))
        {
            if (chunk.Place.Start >= end) text.Append(chunk.Place.SpaceBefore).Append(chunk.Content);
            else if (chunk.Place.End > end) text.Append(chunk.Content, end - chunk.Place.Start, chunk.Place.End - end);
            end = Math.Max(end, chunk.Place.End);
        }

        return text.ToString();
    }

    public static List<PageStart> PagesOf(IReadOnlyList<Passage> chunks)
    {
        var pages = new List<PageStart> { new(chunks[0].FirstPage, chunks[0].Place.Start) };
        foreach (var chunk in chunks)
        {
            // Of a chunk that begins with a page, which nothing within it tells.
            if (chunk.FirstPage > pages[^1].Page) pages.Add(new PageStart(chunk.FirstPage, chunk.Place.Start));
            for (var i = 0; i + 1 < chunk.PageStarts.Count; i += 2)
                if (chunk.PageStarts[i + 1] > pages[^1].Position) pages.Add(new PageStart(chunk.PageStarts[i], chunk.PageStarts[i + 1]));
        }

        return pages;
    }
}
