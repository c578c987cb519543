using System.Text.Json;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Usage;
using AiPlatform.Testing;

namespace AiPlatform.Application.Tests.Chat.Runs;

public sealed class ResponseComposerTests
{
    private static readonly TokenUsage Tokens = new(3, 4);
    private readonly ManualTimeProvider _clock = new();
    private readonly Response _response;
    private ResponseComposer _composer;

    public ResponseComposerTests()
    {
        var now = _clock.GetUtcNow();
        _response = Response.Start(new ResponseStart(Ids.New<WorkspaceId>(now), Ids.New<UserId>(now), null, "m", null, null, Store: true, TimeSpan.FromDays(1)), now);
        _composer = new ResponseComposer(_response, _clock);
    }

    [Fact]
    public void Text_becomes_one_message_with_one_part() => Compose(Text("Hel"), Text("lo"), Finish("stop")).ShouldBe([
        "item 0 message", "part 0.0 Text", "0.0 Hel", "0.0 lo", "text done 0.0", "part done 0.0", "item done 0 Completed", "completed"]);

    [Fact]
    public void An_answer_without_words_has_no_items() => Compose(Text(""), new ModelDelta.Reasoning(0, ""), Finish("stop")).ShouldBe(["completed"]);

    [Fact]
    public void Reasoning_is_closed_before_the_text_begins() => Compose(new ModelDelta.Reasoning(0, "Hm"), new ModelDelta.Reasoning(0, "."), Text("Hi"), Finish("stop")).ShouldBe([
        "item 0 reasoning", "part 0.0 Reasoning", "0.0 Hm", "0.0 .", "text done 0.0", "part done 0.0", "item done 0 Completed",
        "item 1 message", "part 1.0 Text", "1.0 Hi", "text done 1.0", "part done 1.0", "item done 1 Completed", "completed"]);

    [Fact]
    public void Thinking_again_is_another_item() =>
        Compose(new ModelDelta.Reasoning(0, "a"), Text("b"), new ModelDelta.Reasoning(0, "c"), Finish("stop")).Where(line => line.StartsWith("item ", StringComparison.Ordinal) && !line.Contains("done", StringComparison.Ordinal))
            .ShouldBe(["item 0 reasoning", "item 1 message", "item 2 reasoning"]);

    [Fact]
    public void A_refusal_is_a_part_of_its_own_kind() => Compose(new ModelDelta.Refusal(0, "I can"), new ModelDelta.Refusal(0, "not."), Finish("stop")).ShouldBe([
        "item 0 message", "part 0.0 Refusal", "0.0 I can", "0.0 not.", "text done 0.0", "part done 0.0", "item done 0 Completed", "completed"]);

    [Fact]
    public void A_refusal_after_text_is_a_second_part_of_the_same_message() => Compose(Text("Well"), new ModelDelta.Refusal(0, "No."), Finish("stop")).ShouldBe([
        "item 0 message", "part 0.0 Text", "0.0 Well", "text done 0.0", "part done 0.0", "part 0.1 Refusal", "0.1 No.", "text done 0.1", "part done 0.1", "item done 0 Completed", "completed"]);

    [Fact]
    public void Log_probabilities_travel_with_their_text()
    {
        Compose(new ModelDelta.Text(0, "a", JsonElement.Parse("""[{"token":"a","logprob":-1}]""")), Finish("stop"));
        _response.PartAt(0, 0).Logprobs.ShouldHaveSingleItem().GetProperty("token").GetString().ShouldBe("a");
    }

    [Fact]
    public void Parallel_calls_with_interleaved_fragments_come_whole_and_in_order()
    {
        Compose(
            Call(1, "call_b", "g", "{\"b\""), Call(0, "call_a", "f", null), Call(0, null, null, "{\"a\":"), Call(1, null, null, ":2}"), Call(0, null, null, "1}"), Finish("tool_calls"))
        .ShouldBe([
            "item 0 function_call", "arguments 0", "arguments done 0", "item done 0 Completed",
            "item 1 function_call", "arguments 1", "arguments done 1", "item done 1 Completed", "completed"]);

        _response.Output.Cast<FunctionCallItem>().Select(call => (call.CallId, call.Name, call.Arguments)).ShouldBe([("call_a", "f", "{\"a\":1}"), ("call_b", "g", "{\"b\":2}")]);
    }

    [Fact]
    public void Calls_are_held_back_until_the_model_is_done()
    {
        Say(Text("Let me look."), Call(0, "call_a", "f", "{}"), Finish("tool_calls")).ShouldNotContain(line => line.Contains("function_call", StringComparison.Ordinal));
        _response.Output.ShouldHaveSingleItem().ShouldBeOfType<MessageItem>();

        End(_composer.Finish(() => Tokens, _ => true)).ShouldBe([
            "text done 0.0", "part done 0.0", "item done 0 Completed", "item 1 function_call", "arguments 1", "arguments done 1", "item done 1 Completed", "completed"]);
    }

    [Theory]
    [InlineData("length", "max_output_tokens")]
    [InlineData("content_filter", "content_filter")]
    public void An_answer_that_is_cut_keeps_its_text_and_drops_half_calls(string finish, string reason) =>
        Compose(Text("Look"), Call(0, "call_a", "f", "{\"a\""), Finish(finish)).ShouldBe([
            "item 0 message", "part 0.0 Text", "0.0 Look", "text done 0.0", "part done 0.0", "item done 0 Incomplete", $"incomplete {reason}"]);

    [Fact]
    public void A_call_without_an_id_gets_one()
    {
        Compose(Call(0, null, "f", "{}"), Finish("tool_calls"));
        _response.Output.ShouldHaveSingleItem().ShouldBeOfType<FunctionCallItem>().CallId.ShouldStartWith("call_");
    }

    [Fact]
    public void Whole_calls_that_all_have_the_same_number_are_told_apart()
    {
        Compose(Call(0, "call_a", "f", "{\"a\":1}"), Call(0, "call_b", "f", "{\"a\":2}"), Finish("tool_calls"));
        _response.Output.Cast<FunctionCallItem>().Select(call => (call.CallId, call.Arguments)).ShouldBe([("call_a", "{\"a\":1}"), ("call_b", "{\"a\":2}")]);
    }

    [Fact]
    public void Fragments_with_ever_new_ids_are_still_one_call()
    {
        Compose(Call(0, "call_a", "f", "{\"a\""), Call(0, "call_x", null, ":"), Call(0, "call_y", "", "1}"), Finish("tool_calls"));
        _response.Output.Cast<FunctionCallItem>().Select(call => (call.CallId, call.Arguments)).ShouldBe([("call_a", "{\"a\":1}")]);
    }

    [Fact]
    public void The_last_word_on_usage_counts()
    {
        Say(new ModelDelta.Usage(new TokenUsage(1, 1)), Text("a"), new ModelDelta.Usage(new TokenUsage(5, 6)));
        _composer.Usage.ShouldBe(new TokenUsage(5, 6));
        Compose(Finish("stop"));
        _response.Usage.ShouldBe(Tokens);
    }

    [Fact]
    public void A_failure_closes_what_is_open_and_brings_no_calls()
    {
        Say(Text("Half a sen"), Call(0, "call_a", "f", "{}"));
        End(_composer.Close(ItemStatus.Incomplete)).ShouldBe(["text done 0.0", "part done 0.0", "item done 0 Incomplete"]);
        End(_composer.Close(ItemStatus.Incomplete)).ShouldBeEmpty("it is closed already");
    }

    [Fact]
    public void A_failure_before_anything_was_said_closes_nothing() => End(_composer.Close(ItemStatus.Incomplete)).ShouldBeEmpty();

    [Fact]
    public void Whoever_takes_the_run_over_goes_on_in_the_same_part()
    {
        Say(Text("Half a sen"));
        _composer = new ResponseComposer(_response, _clock);

        Compose(Text("tence."), Finish("stop")).ShouldBe(["0.0 tence.", "text done 0.0", "part done 0.0", "item done 0 Completed", "completed"]);
        _response.PartAt(0, 0).Text.ShouldBe("Half a sentence.");
    }

    private static ModelDelta.Text Text(string text) => new(0, text);

    private static ModelDelta.ToolCall Call(int index, string? id, string? name, string? arguments) => new(0, index, id, name, arguments);

    private static ModelDelta.Finish Finish(string reason) => new(0, reason);

    private List<string> Compose(params ModelDelta[] deltas) => [.. Say(deltas), .. End(_composer.Finish(() => Tokens, _ => true))];

    private List<string> Say(params ModelDelta[] deltas) => [.. deltas.SelectMany(delta => End(_composer.On(delta)))];

    // As the runner does it: each event is applied before the next is asked for.
    private List<string> End(IEnumerable<ResponseEvent> events)
    {
        var lines = new List<string>();
        foreach (var @event in events)
        {
            _response.Apply(@event, _clock.GetUtcNow());
            lines.Add(Line(@event));
        }

        return lines;
    }

    private static string Line(ResponseEvent @event) => @event switch
    {
        ResponseEvent.ItemAdded(var output, var item) => $"item {output} {item.Type}",
        ResponseEvent.PartAdded(var output, var part, var kind) => $"part {output}.{part} {kind}",
        ResponseEvent.Delta(var output, var part, var text, _) => $"{output}.{part} {text}",
        ResponseEvent.TextDone(var output, var part) => $"text done {output}.{part}",
        ResponseEvent.PartDone(var output, var part) => $"part done {output}.{part}",
        ResponseEvent.ArgumentsDelta(var output) => $"arguments {output}",
        ResponseEvent.ArgumentsDone(var output) => $"arguments done {output}",
        ResponseEvent.ItemDone(var output, var status, _) => $"item done {output} {status}",
        ResponseEvent.Completed => "completed",
        ResponseEvent.Incomplete(var reason, _) => $"incomplete {reason}",
        _ => @event.GetType().Name,
    };
}
