using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Tests.Knowledge.Search;

public sealed class NeighboursTests
{
    private const string Text = "One two three.\n\nFour five six.\nSeven eight nine. Ten eleven twelve.";

    private static readonly VectorStoreId Store = Ids.New<VectorStoreId>(DateTimeOffset.UnixEpoch);
    private static readonly FileId File = Ids.New<FileId>(DateTimeOffset.UnixEpoch);
    private static readonly VectorStoreFileId StoreFile = Ids.New<VectorStoreFileId>(DateTimeOffset.UnixEpoch);

    // The third repeats the end of the second.
    private static readonly (int Start, int End)[] Chunks = [(0, 14), (16, 30), (21, 48), (49, Text.Length)];

    [Fact]
    public void Chunks_beside_each_other_are_one_passage_in_the_documents_order()
    {
        var passage = Merge((2, 0.9), (1, 0.8), (3, 0.7)).ShouldHaveSingleItem();

        passage.Places.Select(place => place.Ordinal).ShouldBe([1, 2, 3]);
        passage.Score.ShouldBe(0.9);
        Neighbours.TextOf([.. passage.Places.Select(place => Read(place))]).ShouldBe(Text[16..]);
    }

    [Fact]
    public void The_white_space_between_them_is_the_documents()
    {
        var passage = Merge((0, 0.9), (1, 0.9)).ShouldHaveSingleItem();
        Neighbours.TextOf([.. passage.Places.Select(place => Read(place))]).ShouldBe(Text[..30]);
    }

    [Fact]
    public void What_is_much_worse_stays_by_itself() => Merge((1, 0.9), (2, 0.4)).Count.ShouldBe(2);

    [Fact]
    public void What_stands_apart_stays_by_itself() => Merge((0, 0.9), (2, 0.9)).Count.ShouldBe(2);

    [Fact]
    public void A_passage_has_three_chunks_at_most() => Merge((0, 0.9), (1, 0.9), (2, 0.9), (3, 0.9)).Select(passage => passage.Places.Count).ShouldBe([3, 1]);

    [Fact]
    public void Where_the_space_between_is_not_known_they_stay_apart()
    {
        var places = Places();
        places[1] = places[1] with { SpaceBefore = null };
        Neighbours.Merge([Found(0, 0.9), Found(1, 0.9)], places).Count.ShouldBe(2);
    }

    [Fact]
    public void The_same_text_in_two_stores_is_shown_once()
    {
        var places = Places();
        places[7] = places[1] with { ChunkId = 7, Store = Ids.New<VectorStoreId>(DateTimeOffset.UnixEpoch), StoreFile = Ids.New<VectorStoreFileId>(DateTimeOffset.UnixEpoch) };
        Neighbours.Merge([Found(1, 0.9), Found(7, 0.8)], places).ShouldHaveSingleItem().Best.ChunkId.ShouldBe(1);
    }

    [Fact]
    public void Pages_are_those_that_begin_within_and_the_one_it_begins_on()
    {
        var places = Places();
        var chunks = new[] { Read(places[0], page: 4), Read(places[1], page: 5, starts: [5, 16]), Read(places[2], page: 5, starts: [6, 31]) };

        Neighbours.PagesOf(chunks).ShouldBe([new PageStart(4, 0), new PageStart(5, 16), new PageStart(6, 31)]);
    }

    private static List<FoundPassage> Merge(params (int Ordinal, double Score)[] found) => Neighbours.Merge(found.Select(one => Found(one.Ordinal, one.Score)), Places());

    private static Candidate Found(long chunk, double score) => new() { ChunkId = chunk, Store = Store, Query = 0, Score = score };

    private static Dictionary<long, PassagePlace> Places() => Chunks.Select((chunk, i) => new PassagePlace(
        i, Store, StoreFile, File, i, chunk.Start, chunk.End, i == 0 || chunk.Start <= Chunks[i - 1].End ? "" : Text[Chunks[i - 1].End..chunk.Start])).ToDictionary(place => place.ChunkId);

    private static Passage Read(PassagePlace place, int page = 1, int[]? starts = null) => new()
    {
        Place = place, Filename = "a.txt", Attributes = "{}", Content = Text[place.Start..place.End], Headings = [], FirstPage = page, PageStarts = starts ?? [],
    };
}
