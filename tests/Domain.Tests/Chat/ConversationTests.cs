using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Tests.Chat;

public sealed class ConversationTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("Hello there", "Hello there")]
    [InlineData("  Hello \r\n\t there  ", "Hello there")]
    [InlineData("ताजमहल कहाँ है?", "ताजमहल कहाँ है?")]
    [InlineData("one two three four five six seven eight nine ten eleven twelve thirteen", "one two three four five six seven eight nine ten eleven…")]
    public void The_first_words_become_its_title(string said, string title) => TitleOf(said).ShouldBe(title);

    [Fact]
    public void A_title_of_exactly_the_longest_length_stays_whole() => TitleOf(new string('a', 60)).ShouldBe(new string('a', 60));

    [Fact]
    public void A_word_that_is_too_long_is_cut() => TitleOf(new string('a', 500)).ShouldBe(new string('a', 60) + "…");

    [Fact]
    public void A_title_is_not_cut_to_a_short_first_word() => TitleOf("Oh " + new string('a', 500)).ShouldBe("Oh " + new string('a', 57) + "…");

    [Theory]
    [InlineData(58)]
    [InlineData(59)]
    [InlineData(60)]
    public void A_cut_never_splits_a_character(int before)
    {
        var title = TitleOf(new string('a', before) + string.Concat(Enumerable.Repeat("🌏", 20)))!;

        title.ShouldEndWith("…");
        title.Length.ShouldBeInRange(60, 61);
        title.EnumerateRunes().ShouldNotContain(System.Text.Rune.ReplacementChar);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n\t ")]
    public void Saying_nothing_leaves_it_without_a_title(string? said) => TitleOf(said).ShouldBeNull();

    [Fact]
    public void Characters_that_no_one_can_see_are_no_part_of_a_title()
    {
        TitleOf("a\0b\u0007c").ShouldBe("a b c");
        TitleOf("\0\0").ShouldBeNull();
    }

    [Fact]
    public void What_is_said_later_does_not_change_the_title()
    {
        var conversation = New();
        conversation.Touch("First", Now);
        conversation.Touch("Second", Now.AddMinutes(1));

        conversation.Title.ShouldBe("First");
        conversation.UpdatedAt.ShouldBe(Now.AddMinutes(1));
        conversation.CreatedAt.ShouldBe(Now);
    }

    [Fact]
    public void A_name_that_was_given_stays()
    {
        var conversation = New();
        conversation.Rename("Mine");
        conversation.Touch("Something else", Now);
        conversation.Title.ShouldBe("Mine");
    }

    [Fact]
    public void Metadata_is_replaced_as_a_whole()
    {
        var conversation = Conversation.Create(Ids.New<WorkspaceId>(Now), Ids.New<UserId>(Now), new() { ["a"] = "1" }, Now);
        conversation.ReplaceMetadata(new() { ["b"] = "2" });
        conversation.Metadata.ShouldBe(new Dictionary<string, string> { ["b"] = "2" });
        New().Metadata.ShouldBeEmpty();
    }

    private static string? TitleOf(string? said)
    {
        var conversation = New();
        conversation.Touch(said, Now);
        return conversation.Title;
    }

    private static Conversation New() => Conversation.Create(Ids.New<WorkspaceId>(Now), Ids.New<UserId>(Now), null, Now);
}
