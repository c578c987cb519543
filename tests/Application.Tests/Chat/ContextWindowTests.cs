using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Tests.Chat;

public sealed class ContextWindowTests
{
    /// <summary>Frames a message; the answer gets at least <see cref="Answer"/>.</summary>
    private const int Frame = 4;
    private const int Answer = 256;

    private readonly ContextWindow _window = new(new WordCounter());

    [Fact]
    public void What_fits_is_left_alone() => Fit(3 * (Frame + 2), "user a b", "assistant c d", "user e f").ShouldBe((3, 0, "user a b|assistant c d|user e f"));

    [Fact]
    public void The_oldest_turns_go_first_and_whole() =>
        Fit(2 * (Frame + 1), "user a", "assistant b", "user c", "assistant d", "user e").ShouldBe((1, 2, "user e"));

    [Fact]
    public void No_more_turns_go_than_must() =>
        Fit(3 * (Frame + 1), "user a", "assistant b", "user c", "assistant d", "user e").ShouldBe((3, 1, "user c|assistant d|user e"));

    [Fact]
    public void Instructions_stay_wherever_they_stand() =>
        Fit(4 * (Frame + 1), "system s", "user a", "assistant b", "developer d", "user c", "assistant e", "user f").ShouldBe((3, 2, "system s|developer d|user f"));

    [Fact]
    public void A_call_and_its_output_never_part() =>
        Fit(3 * (Frame + 1), "user a", "call b", "tool c", "assistant d", "user e").ShouldBe((1, 1, "user e"));

    [Fact]
    public void Calls_of_the_last_turn_stay_with_it() =>
        Fit(3 * (Frame + 1), "user a", "assistant b", "user c", "call d", "tool e").ShouldBe((3, 1, "user c|call d|tool e"));

    [Fact]
    public void Several_messages_of_the_user_in_a_row_are_one_turn() =>
        Fit(2 * (Frame + 1), "user a", "user b", "assistant c", "user d", "user e").ShouldBe((2, 1, "user d|user e"));

    [Fact]
    public void What_stands_before_the_first_user_is_a_turn_too() =>
        Fit(Frame + 1, "assistant a", "tool b", "user c").ShouldBe((1, 1, "user c"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_last_turn_that_is_too_long_is_refused(bool mayDrop) => Refused(2, mayDrop, null, "user a", "assistant b", "user c d e f g");

    [Fact]
    public void Without_truncation_nothing_is_dropped() => Refused(2 * (Frame + 1), mayDrop: false, null, "user a", "assistant b", "user c");

    [Fact]
    public void The_refusal_names_model_window_and_way_out()
    {
        var error = Refused(5, mayDrop: false, 300, "user a b c d e");
        error.Message.ShouldContain("'ours'");
        error.Message.ShouldContain($"{5 + Answer} tokens");
        error.Message.ShouldContain("300 are asked for the answer");
        error.Message.ShouldContain("truncation: \"auto\"");
    }

    [Fact]
    public void Room_for_the_answer_is_kept_as_it_was_asked_for()
    {
        string[] messages = ["user a", "assistant b", "user c"];
        var model = Model((3 * (Frame + 1)) + Answer);
        _window.Fit(model, Messages(messages), outputLimit: Answer, mayDrop: true).DroppedTurns.ShouldBe(0);
        _window.Fit(model, Messages(messages), outputLimit: Answer + 1, mayDrop: true).DroppedTurns.ShouldBe(1);
        _window.Fit(model, Messages(messages), outputLimit: 1, mayDrop: true).DroppedTurns.ShouldBe(0);
    }

    [Fact]
    public void An_unknown_window_is_left_to_the_vendor()
    {
        var messages = Messages(["user " + string.Join(' ', Enumerable.Repeat("word", 100_000))]);
        _window.Fit(Model(null), messages, outputLimit: 5, mayDrop: false).ShouldBe((messages, 0));
    }

    [Fact]
    public void Parts_images_and_calls_count()
    {
        _window.Count("m", [Json.Read<ChatMessage>("""{"role":"user","content":[{"type":"text","text":"a b c"},{"type":"image_url","image_url":{"url":"data:,"}}]}""")])
            .ShouldBe(Frame + 3 + 765);
        _window.Count("m", [Json.Read<ChatMessage>("""{"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"f","arguments":"x y"}}]}""")])
            .ShouldBe(Frame + 1 + 2);
    }

    private (int Count, int Dropped, string Kept) Fit(int room, params string[] messages)
    {
        var given = Messages(messages);
        var (kept, dropped) = _window.Fit(Model(room + Answer), given, outputLimit: null, mayDrop: true);
        return (kept.Count, dropped, string.Join('|', kept.Select(message => messages[given.IndexOf(message)])));
    }

    private InvalidRequest Refused(int room, bool mayDrop, int? outputLimit, params string[] messages)
    {
        var error = Should.Throw<InvalidRequest>(() => _window.Fit(Model(room + Answer), Messages(messages), outputLimit, mayDrop));
        (error.Code, error.Param).ShouldBe(("context_length_exceeded", "input"));
        return error;
    }

    private static ModelDescriptor Model(int? window) => new() { Id = "ours", Provider = "p", UpstreamName = "theirs", ContextWindow = window };

    private static List<ChatMessage> Messages(IEnumerable<string> messages) => [.. messages.Select(message =>
    {
        var (role, text) = (message.Split(' ')[0], message[(message.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        return role == "call"
            ? new ChatMessage { Role = "assistant", ToolCalls = [new ChatToolCall { Function = new ChatFunctionCall { Name = text, Arguments = "" } }] }
            : new ChatMessage { Role = role, Content = Json.Of(text) };
    })];
}
