using AiPlatform.Application.Chat.Answers;

namespace AiPlatform.Application.Tests.Chat.Answers;

public sealed class CitationFilterTests
{
    /// <summary>What a model writes, what of it is shown, and the claims in it with the place where they stand.</summary>
    public static TheoryData<string, string, string> Answers => new()
    {
        { "The sky is blue.", "The sky is blue.", "" },
        { "The sky is blue 【1†sky is blue】.", "The sky is blue.", "15:1=sky is blue" },
        { "The sky is blue【1†sky is blue】. Grass is green 【2†green grass】!", "The sky is blue. Grass is green!", "15:1=sky is blue|31:2=green grass" },
        { "Blue 【1†a b】【2†c d】 and green.", "Blue and green.", "4:1=a b|4:2=c d" },
        { "Blue 【1†a b】 【2†c d】, green.", "Blue, green.", "4:1=a b|4:2=c d" },
        { "【1†a b】 Blue.", "Blue.", "0:1=a b" },
        { "Blue.\n【1†a b】 Green.", "Blue.\nGreen.", "6:1=a b" },
        { "**Blue 【1†a b】** green", "**Blue** green", "6:1=a b" },
        { "Blue 【1†a b】 *green*", "Blue *green*", "4:1=a b" },
        { "| Blue 【1†a b】 | green |", "| Blue | green |", "6:1=a b" },
        { "Blue 【 12 † a b 】", "Blue", "4:12=a b" },
        { "Two  spaces stay  ", "Two  spaces stay  ", "" },
        { "A line that breaks  \nhere", "A line that breaks  \nhere", "" },
        { "A quote 【1†over\ntwo lines】 goes on", "A quote goes on", "7:1=over\ntwo lines" },

        // Brackets that are no marker.
        { "这是【重要】通知", "这是[重要]通知", "" },
        { "【見出し】本文", "[見出し]本文", "" },
        { "A footnote†", "A footnote*", "" },
        { "closed】 alone", "closed] alone", "" },

        // Malformed.
        { "Blue 【†a b】.", "Blue.", "" },
        { "Blue 【x†a b】.", "Blue.", "" },
        { "Blue 【1】.", "Blue.", "" },
        { "Blue 【1†】.", "Blue.", "" },
        { "Blue 【】.", "Blue.", "" },
        { "Blue 【4:0†source】.", "Blue.", "" },
        { "Blue 【99999†a b】.", "Blue.", "" },
        { "Blue 【-1†a b】.", "Blue.", "" },

        // Nested.
        { "Blue 【1†a 【2†b】 c】.", "Blue.", "" },
        { "Blue 【【1†a b】】.", "Blue.", "" },

        // Never closed.
        { "Blue 【1†a b", "Blue", "" },
        { "Blue 【1", "Blue", "" },
        { "Blue 【", "Blue", "" },
        { "Blue 【heading", "Blue [heading", "" },
        { "Blue 【1†a b\nGreen.", "Blue\nGreen.", "" },
        { "Blue 【1†a b\n\nGreen.", "Blue\n\nGreen.", "" },
        { "Blue 【1†a b. Green 【2†c d】.", "Blue.", "4:2=c d" },
        { "- Blue 【1†a b\n- Green 【2†c d】\n- Red", "- Blue\n- Green\n- Red", "14:2=c d" },
        { "Blue 【1†a 【2†c d】 e\n\nf", "Blue e\n\nf", "4:2=c d" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Markers_are_taken_out_and_what_they_say_is_kept(string answer, string shown, string claims) => Read([answer]).ShouldBe((shown, claims));

    [Theory]
    [MemberData(nameof(Answers))]
    public void However_an_answer_is_cut_the_outcome_is_the_same(string answer, string shown, string claims)
    {
        for (var first = 0; first <= answer.Length; first++)
            for (var second = first; second <= answer.Length; second++)
                Read([answer[..first], answer[first..second], answer[second..]]).ShouldBe((shown, claims), $"cut at {first} and {second}");
        Read(answer.Select(c => c.ToString())).ShouldBe((shown, claims), "letter by letter");
    }

    [Fact]
    public void What_is_never_closed_is_not_waited_for_for_ever()
    {
        var filter = new CitationFilter();
        filter.Accept("Blue 【1†" + new string('x', 2000));
        filter.Accept(" Green.").ShouldNotBeEmpty();
        filter.Malformed.ShouldBe(1);
    }

    [Fact]
    public void Whatever_is_said_no_letter_of_a_marker_gets_through()
    {
        const string letters = "【】†1 2ab.\n";
        var random = new Random(5);
        for (var i = 0; i < 5000; i++)
        {
            var answer = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => letters[random.Next(letters.Length)]));
            var (whole, claims) = Read([answer]);
            whole.ShouldNotContain('【');
            whole.ShouldNotContain('】');
            whole.ShouldNotContain('†');
            Read(answer.Select(c => c.ToString())).ShouldBe((whole, claims), answer);
        }
    }

    [Fact]
    public void Openings_without_end_take_no_endless_time() => Read([new string('【', 100_000)]).Claims.ShouldBeEmpty();

    private static (string Shown, string Claims) Read(IEnumerable<string> pieces)
    {
        var (filter, shown, claims) = (new CitationFilter(), "", new List<string>());
        foreach (var piece in pieces.SelectMany(filter.Accept).Concat(Later(filter.Flush)))
        {
            if (piece is AnswerPiece.Text text) shown += text.Value;
            else if (piece is AnswerPiece.Claim claim) claims.Add($"{shown.Length}:{claim.Passage}={claim.Quote}");
        }

        return (shown, string.Join('|', claims));
    }

    private static IEnumerable<AnswerPiece> Later(Func<IReadOnlyList<AnswerPiece>> flush)
    {
        foreach (var piece in flush()) yield return piece;
    }
}
