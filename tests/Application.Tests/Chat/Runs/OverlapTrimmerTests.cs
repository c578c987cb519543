using AiPlatform.Application.Chat.Runs;

namespace AiPlatform.Application.Tests.Chat.Runs;

public sealed class OverlapTrimmerTests
{
    private const string Said = "The library opens at nine in the morning. It is closed on Sundays.";

    [Theory]
    [InlineData(" And on holidays.", " And on holidays.")]
    [InlineData("", "")]
    public void A_model_that_goes_on_is_left_alone(string answer, string news) => ShouldBeNews(Said, answer, news);

    [Theory]
    [InlineData(Said + " And on holidays.", " And on holidays.")]
    [InlineData(Said, "")]
    [InlineData("The library opens at nine in the mor", "")]
    public void A_model_that_starts_anew_is_shown_from_where_it_had_been(string answer, string news) => ShouldBeNews(Said, answer, news);

    [Theory]
    [InlineData("It is closed on Sundays. And on holidays.", " And on holidays.")]
    [InlineData("in the morning. It is closed on Sundays.", "")]
    [InlineData(" It is closed on Sundays.\n", "\n")]
    public void Last_words_that_are_said_again_are_left_out(string answer, string news) => ShouldBeNews(Said, answer, news);

    [Theory]
    [InlineData("The library opens at ten on Mondays.")]
    [InlineData("It is closed on Mondays too.")]
    [InlineData("opens at nine in the morning, as I said.")]
    [InlineData("Sundays. And Mondays.")]
    [InlineData("The librarian knows.")]
    [InlineData("The library")]
    [InlineData("closed")]
    public void What_only_looks_alike_stays(string answer) => ShouldBeNews(Said, answer, answer);

    [Theory]
    [InlineData("T", "The answer", "The answer")]
    [InlineData("1", "1 and 12", "1 and 12")]
    [InlineData("ha ha", "ha ha", "ha ha")]
    [InlineData("Happy to", "Happy to help.", " help.")]
    public void A_short_beginning_counts_as_said_again_only_from_a_few_letters_on(string said, string answer, string news) => ShouldBeNews(said, answer, news);

    [Theory]
    [InlineData("\n", "\n", "")]
    [InlineData(" \n", " \nIt is.", "It is.")]
    [InlineData(" \n", " It is.", "It is.")]
    [InlineData(" \n", "It is.", "It is.")]
    [InlineData(" ", "\n\nIt is.", "\n\nIt is.")]
    [InlineData("  ", "    It is.", "  It is.")]
    public void White_space_that_a_model_was_not_shown_is_not_said_twice(string end, string answer, string news) => ShouldBeNews("Closed." + end, answer, news, "Closed.".Length);

    [Fact]
    public void A_model_that_starts_anew_says_its_white_space_too() => ShouldBeNews(Said + "\n\n", Said + "\n\nBye.", "Bye.", Said.Length);

    [Fact]
    public void A_long_answer_that_is_said_again_is_held_back_to_its_end()
    {
        var said = string.Concat(Enumerable.Range(0, 2000).Select(n => $"{n} "));

        ShouldBeNews(said, said + "2000", "2000");
        ShouldBeNews(said, said[^200..] + "2000", "2000");
        ShouldBeNews(said, said[..1500] + "something else", said[..1500] + "something else");
    }

    [Fact]
    public void Nothing_is_lost_or_said_twice_in_any_script() => ShouldBeNews("पुस्तकालय सुबह नौ बजे खुलता है। 📚📚📚", "सुबह नौ बजे खुलता है। 📚📚📚 और", " और");

    [Fact]
    public void How_the_text_is_cut_into_pieces_does_not_matter()
    {
        var random = new Random(7);
        for (var round = 0; round < 3000; round++)
        {
            // Two letters only: everything looks like everything.
            var said = Letters(random, random.Next(1, 60));
            var answer = random.Next(3) switch
            {
                0 => said[random.Next(said.Length)..] + Letters(random, random.Next(30)),
                1 => said[..random.Next(said.Length)] + Letters(random, random.Next(30)),
                _ => Letters(random, random.Next(90)),
            };
            var whole = News(said, said.Length, [answer]);
            News(said, said.Length, answer.Select(letter => letter.ToString())).ShouldBe(whole, $"{said} | {answer}");
            var cut = random.Next(answer.Length + 1);
            News(said, said.Length, [answer[..cut], answer[cut..]]).ShouldBe(whole, $"{said} | {answer[..cut]} | {answer[cut..]}");
            answer.ShouldEndWith(whole);
        }
    }

    private static string Letters(Random random, int length) => new([.. Enumerable.Range(0, length).Select(_ => random.Next(6) == 0 ? 'b' : 'a')]);

    private static void ShouldBeNews(string said, string answer, string news, int? shown = null)
    {
        News(said, shown ?? said.Length, [answer]).ShouldBe(news);
        News(said, shown ?? said.Length, answer.Select(letter => letter.ToString())).ShouldBe(news);
        // Each cut costs a run over the whole text.
        for (var cut = 1; cut < Math.Min(answer.Length, 200); cut++) News(said, shown ?? said.Length, [answer[..cut], answer[cut..]]).ShouldBe(news);
    }

    private static string News(string said, int shown, IEnumerable<string> pieces)
    {
        var trimmer = new OverlapTrimmer(said, shown);
        return string.Concat(pieces.Select(trimmer.Accept).ToList()) + trimmer.Flush();
    }
}
