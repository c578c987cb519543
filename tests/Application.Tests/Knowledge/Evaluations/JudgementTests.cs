using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.Evaluations;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Tests.Knowledge.Evaluations;

public sealed class JudgementTests
{
    private static readonly FileId[] Files = [.. Enumerable.Range(1, 4).Select(i => FileId.From(new Guid(i, 0, 0, new byte[8])))];

    [Fact]
    public void Hits_of_a_file_are_one_document_where_files_are_asked_for()
    {
        var judgement = Judgement.Of([Whole(1), Whole(2)], [Hit(0, 0, "a"), Hit(0, 9, "b"), Hit(1, 0, "c"), Hit(1, 9, "d"), Hit(3, 0, "e")]);

        judgement.Hits.Select(hit => hit.FileId).ShouldBe([Files[0].ToWire(), Files[1].ToWire(), Files[3].ToWire()]);
        judgement.FoundAt.ShouldBe([2, 0]);
        judgement.RelevantAt.ShouldBe([2]);
    }

    [Fact]
    public void A_place_is_found_by_hits_that_share_half_of_it()
    {
        var place = new RelevantPassage { FileId = Files[0].ToWire(), Start = 100, End = 200 };

        Judgement.Of([place], [Hit(1, 100, 100), Hit(0, 0, 149), Hit(0, 50, 100), Hit(0, 150, 400)]).RelevantAt.ShouldBe([3, 4]);
        // A short hit within a long passage.
        Judgement.Of([place], [Hit(0, 120, 20)]).FoundAt.ShouldBe([1]);
        Judgement.Of([place], [Hit(0, 190, 20)]).FoundAt.ShouldBe([1]);
        Judgement.Of([place], [Hit(0, 200, 20), Hit(0, 80, 20)]).FoundAt.ShouldBe([0]);
    }

    [Fact]
    public void A_quote_is_found_by_its_words_whatever_their_look()
    {
        var quote = new RelevantPassage { Quote = "He said \"it's a well-known fact\"." };

        Judgement.Of([quote], [Hit(0, 0, "nothing"), Hit(2, 0, "Yes.  he  Said\n“it’s a well\u2011known f\u00ADact”. No.")]).FoundAt.ShouldBe([2]);
        Judgement.Of([quote with { FileId = Files[0].ToWire() }], [Hit(2, 0, "He said \"it's a well-known fact\".")]).FoundAt.ShouldBe([0]);
    }

    [Fact]
    public void A_quote_that_two_chunks_share_is_found_by_either()
    {
        const string First = "The tower was begun in the spring of the year";
        const string Second = "and it was finished before the first snow fell";
        var quote = new RelevantPassage { Quote = $"{First} {Second}" };

        Judgement.Of([quote], [Hit(0, 0, $"It is old. {First} and"), Hit(0, 90, $"year {Second}. So it is.")]).RelevantAt.ShouldBe([1, 2]);
        Judgement.Of([quote], [Hit(0, 0, "The tower was begun in the spring.")]).RelevantAt.ShouldBeEmpty();
    }

    [Fact]
    public void Each_of_several_answers_has_its_own_rank()
    {
        RelevantPassage[] relevant = [new() { Quote = "first words" }, new() { Quote = "third words" }, new() { FileId = Files[1].ToWire() }];

        var judgement = Judgement.Of(relevant, [Hit(0, 0, "the first words"), Hit(0, 40, "second words"), Hit(0, 80, "third words, first words"), Hit(1, 0, "else")]);

        judgement.FoundAt.ShouldBe([1, 3, 4]);
        judgement.RelevantAt.ShouldBe([1, 3, 4]);
        judgement.Hits.Count.ShouldBe(4);
    }

    private static RelevantPassage Whole(int file) => new() { FileId = Files[file].ToWire() };

    private static DocumentHit Hit(int file, int start, int length) => Hit(file, start, new string('x', length));

    private static DocumentHit Hit(int file, int start, string text) => new()
    {
        VectorStoreId = default, FileId = Files[file], Filename = $"{file}.txt", Attributes = "{}", Score = 0.5, Text = text, Start = start, Headings = [], Pages = [new PageStart(1, 0)],
    };
}
