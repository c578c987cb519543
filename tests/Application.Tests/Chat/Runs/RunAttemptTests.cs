using System.Text.Json;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Usage;
using AiPlatform.Testing;

namespace AiPlatform.Application.Tests.Chat.Runs;

public sealed class RunAttemptTests
{
    private const string Said = "The library opens at nine. ";

    private readonly ManualTimeProvider _clock = new();
    private readonly Response _response = SomeRun.Response();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_first_attempt_is_the_request_itself(bool takesPrefill)
    {
        var call = SomeRun.Call(takesPrefill);
        Begin(call).Call.ShouldBeSameAs(call);
    }

    [Fact]
    public void A_model_that_takes_a_prefill_gets_its_words_as_its_own_last_message_without_white_space_at_the_end()
    {
        _response.Says(Said);
        MessagesOf(Begin(SomeRun.Call(takesPrefill: true)).Call).ShouldBe([("system", "Be brief."), ("user", "When does it open?"), ("assistant", Said.TrimEnd())]);
    }

    [Fact]
    public void Another_model_is_asked_to_go_on_after_all_that_it_has_said()
    {
        _response.Says(Said);
        var messages = MessagesOf(Begin(SomeRun.Call()).Call);

        messages[..3].ShouldBe([("system", "Be brief."), ("user", "When does it open?"), ("assistant", Said)]);
        messages[3..].ShouldHaveSingleItem().ShouldBe(("user", GoOnPrompt.For(Said)));
    }

    [Fact]
    public void All_that_was_said_in_all_attempts_is_shown()
    {
        _response.Says("One. ");
        _response.Write(0, new ResponseEvent.TextDone(0, 0), new ResponseEvent.PartDone(0, 0), new ResponseEvent.ItemDone(0, ItemStatus.Completed));
        _response.Says("Two.");

        MessagesOf(Begin(SomeRun.Call(takesPrefill: true)).Call)[^1].ShouldBe(("assistant", "One. Two."));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answer_of_white_space_begins_again(bool takesPrefill)
    {
        _response.Says(" \n");
        var call = SomeRun.Call(takesPrefill);
        var attempt = Begin(call);

        attempt.Call.ShouldBeSameAs(call, "vendors refuse messages without a word");
        Text(attempt, " \nAt nine.").ShouldBe("At nine.");
    }

    [Theory]
    [InlineData(100, 95)]
    [InlineData(5, 1)]
    [InlineData(null, null)]
    public void What_is_said_already_counts_against_the_limit(int? limit, int? left)
    {
        _response.Says(Said);
        var call = SomeRun.Call();
        Begin(call with { Request = call.Request with { MaxCompletionTokens = limit } }).Call.Request.MaxCompletionTokens.ShouldBe(left);
    }

    [Fact]
    public void A_format_holds_for_a_prefill_and_is_left_out_where_the_model_could_only_start_again()
    {
        _response.Says("{\"title\":");
        var call = SomeRun.Call();
        var request = call.Request with { ResponseFormat = new ChatResponseFormat { Type = "json_object" } };

        Begin(SomeRun.Call(takesPrefill: true, request)).Call.Request.ResponseFormat.ShouldBe(request.ResponseFormat);
        Begin(SomeRun.Call(takesPrefill: false, request)).Call.Request.ResponseFormat.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Everything_else_stays_as_it_was_asked(bool takesPrefill)
    {
        _response.Says(Said);
        var request = SomeRun.Call().Request with
        {
            Tools = [new ChatTool { Type = "function" }], ToolChoice = JsonSerializer.SerializeToElement("auto"), Temperature = 0.5, TopP = 0.25, ReasoningEffort = "low",
            ParallelToolCalls = false, User = "u", Stop = JsonSerializer.SerializeToElement("END"),
        };
        var continued = Begin(SomeRun.Call(takesPrefill, request)).Call.Request;

        (continued with { Messages = request.Messages }).ShouldBe(request);
    }

    [Fact]
    public void Thinking_that_broke_off_is_closed_as_incomplete()
    {
        _response.Write(0, new ResponseEvent.ItemAdded(0, new ReasoningItem(ItemId.New(SomeRun.Now))), new ResponseEvent.PartAdded(0, 0, PartKind.Reasoning), new ResponseEvent.Delta(0, 0, "Hm"));
        var attempt = Begin(SomeRun.Call());
        _response.Write(3, attempt.CloseThinking());

        _response.Output.ShouldHaveSingleItem().Status.ShouldBe(ItemStatus.Incomplete);
        attempt.CloseThinking().ShouldBeEmpty();
        _response.Write(6, attempt.On(new ModelDelta.Reasoning(0, "Hm, again")));
        _response.Output.Count.ShouldBe(2);
    }

    [Fact]
    public void Text_that_broke_off_stays_open_and_goes_on_in_the_same_part()
    {
        _response.Says(Said);
        var attempt = Begin(SomeRun.Call(takesPrefill: true));

        attempt.CloseThinking().ShouldBeEmpty();
        Text(attempt, " And closes at six.").ShouldBe(Said + "And closes at six.");
        _response.Output.ShouldHaveSingleItem();
    }

    [Fact]
    public void Words_that_are_said_again_are_not_shown_again()
    {
        _response.Says(Said);
        Text(Begin(SomeRun.Call()), Said + "And closes at six.").ShouldBe(Said + "And closes at six.");
    }

    [Fact]
    public void Function_calls_of_a_broken_attempt_are_gone_with_it()
    {
        _response.Says(Said);
        Begin(SomeRun.Call()).On(new ModelDelta.ToolCall(0, 0, "call_a", "f", "{\"a\":")).ShouldBeEmpty();
        var next = Begin(SomeRun.Call());
        _response.Write(0, next.On(new ModelDelta.ToolCall(0, 0, "call_b", "f", "{}")).Concat(next.Finish(() => new TokenUsage(1, 1))));

        _response.Output.OfType<FunctionCallItem>().ShouldHaveSingleItem().CallId.ShouldBe("call_b");
    }

    [Fact]
    public void Text_held_back_comes_before_what_follows_it()
    {
        _response.Says(Said);
        var attempt = Begin(SomeRun.Call());
        attempt.On(new ModelDelta.Text(0, "The lib")).ShouldBeEmpty();
        _response.Write(0, attempt.On(new ModelDelta.Refusal(0, "No.")).Concat(attempt.Finish(() => new TokenUsage(1, 1))));

        _response.Output.OfType<MessageItem>().ShouldHaveSingleItem().Parts.Select(part => part.Text).ShouldBe([Said + "The lib", "No."]);
    }

    [Fact]
    public void Only_words_thoughts_and_calls_are_content()
    {
        var attempt = Begin(SomeRun.Call());
        foreach (var delta in new ModelDelta[] { new ModelDelta.Text(0, ""), new ModelDelta.Usage(new TokenUsage(1, 1)), new ModelDelta.Finish(0, "stop") }) attempt.On(delta);
        attempt.HasContent.ShouldBeFalse();
        attempt.Usage.ShouldBe(new TokenUsage(1, 1));
        attempt.On(new ModelDelta.ToolCall(0, 0, "call_a", "f", null));
        attempt.HasContent.ShouldBeTrue();
    }

    private RunAttempt Begin(ModelCall call) => RunAttempt.Begin(SomeRun.Of(_response, call), new WordCounter(), _clock);

    /// <summary>The whole answer after the model has said this.</summary>
    private string Text(RunAttempt attempt, string text)
    {
        _response.Write(0, attempt.On(new ModelDelta.Text(0, text)).ToList());
        _response.Write(9, attempt.Finish(() => new TokenUsage(1, 1)));
        return RunAttempt.TextOf(_response).TrimStart();
    }

    private static List<(string Role, string Text)> MessagesOf(ModelCall call) => [.. call.Request.Messages.Select(message => (message.Role, message.Content!.Value.GetString()!))];
}
