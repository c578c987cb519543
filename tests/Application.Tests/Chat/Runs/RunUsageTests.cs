using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Application.Tests.Chat.Runs;

/// <summary>A message costs its words and 4 tokens.</summary>
public sealed class RunUsageTests
{
    private readonly RunUsage _usage = new(new WordCounter());
    private readonly Response _response = SomeRun.Response();
    private readonly ModelCall _call = SomeRun.Call(request: new ChatCompletionRequest { Messages = [SomeRun.Message("user", "one two three")] });

    [Fact]
    public void What_the_vendor_says_is_what_it_took()
    {
        var reported = new TokenUsage(10, 5, CachedInput: 4, CacheWriteInput: 3, Reasoning: 2);
        _usage.With(SomeRun.Of(_response, _call), _call, reported).ShouldBe(reported);
    }

    [Fact]
    public void What_the_vendor_did_not_say_is_counted_and_marked_so()
    {
        _response.Write(0, new ResponseEvent.ItemAdded(0, new ReasoningItem(ItemId.New(SomeRun.Now))), new ResponseEvent.Delta(0, 0, "let me think"));
        _response.Says("a b");

        _usage.With(SomeRun.Of(_response, _call), _call, reported: null).ShouldBe(new TokenUsage(7, 5) { IsEstimate = true });
    }

    [Fact]
    public void Attempts_add_up_and_one_guess_makes_the_sum_a_guess()
    {
        var run = SomeRun.Of(_response, _call);
        _response.Says("a b c");
        run.Spent = _usage.With(run, _call, reported: null);
        run.Spent.ShouldBe(new TokenUsage(7, 3) { IsEstimate = true });

        _response.Says(" d e");
        var longer = SomeRun.Call(request: _call.Request with { Messages = [.. _call.Request.Messages, SomeRun.Message("assistant", "a b c")] });
        run.Spent = _usage.With(run, longer, reported: null);
        run.Spent.ShouldBe(new TokenUsage(7 + 14, 3 + 2) { IsEstimate = true }, "words of the first attempt are not counted again");

        _usage.With(run, longer, new TokenUsage(20, 6, CachedInput: 1, CacheWriteInput: 2, Reasoning: 3))
            .ShouldBe(new TokenUsage(21 + 20, 5 + 6, CachedInput: 1, CacheWriteInput: 2, Reasoning: 3) { IsEstimate = true });
    }

    [Fact]
    public void Attempts_that_were_all_reported_are_no_guess()
    {
        var run = SomeRun.Of(_response, _call);
        run.Spent = new TokenUsage(1, 2);
        _usage.With(run, _call, new TokenUsage(3, 4)).ShouldBe(new TokenUsage(4, 6));
    }

    [Fact]
    public void A_vendor_that_counted_more_than_we_see_takes_nothing_back()
    {
        var run = SomeRun.Of(_response, _call);
        _response.Says("a b");
        run.Spent = new TokenUsage(7, 500);

        _usage.With(run, _call, reported: null).ShouldBe(new TokenUsage(14, 500) { IsEstimate = true });
    }

    [Fact]
    public void Quotes_in_citations_were_written_too()
    {
        _response.Says("a b");
        _response.Write(0, new ResponseEvent.Cited(0, 0, SomeRun.Citation("one two three")));

        _usage.With(SomeRun.Of(_response, _call), _call, reported: null).ShouldBe(new TokenUsage(7, 5) { IsEstimate = true });
    }

    [Fact]
    public void What_it_had_read_of_documents_counts_when_it_is_found_again()
    {
        var run = SomeRun.Of(_response, _call);
        run.Spent = new TokenUsage(7, 2);
        var asked = SomeRun.Call(request: _call.Request with { Messages = [.. _call.Request.Messages, SomeRun.Message("tool", "a passage of six words here")] });

        _usage.WithDocuments(run, asked).ShouldBe(new TokenUsage(7 + 10, 2) { IsEstimate = true });
    }

    [Fact]
    public void An_attempt_whose_process_died_had_read_what_was_said_before()
    {
        _response.Says("a b c d");
        _usage.WithLost(_response, _call, spent: null).ShouldBe(new TokenUsage(7, 4) { IsEstimate = true });
        _usage.WithLost(_response, _call, new TokenUsage(7, 3)).ShouldBe(new TokenUsage(7 + 7 + 3, 3 + 1) { IsEstimate = true });
    }
}
