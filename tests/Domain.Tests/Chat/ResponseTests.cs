using System.Text.Json;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Domain.Tests.Chat;

public sealed class ResponseTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Now.AddSeconds(7);

    public static TheoryData<ResponseEvent, ResponseStatus> Endings => new()
    {
        { new ResponseEvent.Completed(new TokenUsage(1, 2)), ResponseStatus.Completed },
        { new ResponseEvent.Incomplete("max_output_tokens", null), ResponseStatus.Incomplete },
        { new ResponseEvent.Cancelled(), ResponseStatus.Cancelled },
        { new ResponseEvent.Failed("server_error", "Broken."), ResponseStatus.Failed },
    };

    private static readonly ResponseEvent[] Events =
    [
        new ResponseEvent.Created(), new ResponseEvent.Queued(), new ResponseEvent.InProgress(), new ResponseEvent.ItemAdded(0, new MessageItem(NewItemId())), new ResponseEvent.PartAdded(0, 0, PartKind.Text),
        new ResponseEvent.Delta(0, 0, "x"), new ResponseEvent.TextDone(0, 0), new ResponseEvent.PartDone(0, 0), new ResponseEvent.ArgumentsDelta(0), new ResponseEvent.ArgumentsDone(0),
        new ResponseEvent.ItemDone(0, ItemStatus.Completed), new ResponseEvent.Completed(new TokenUsage(1, 1)), new ResponseEvent.Incomplete("content_filter", null),
        new ResponseEvent.Cancelled(), new ResponseEvent.Failed("server_error", "Again."), new ResponseEvent.SearchBegun(0), new ResponseEvent.Searching(0), new ResponseEvent.SearchAnswered(0),
        new ResponseEvent.Cited(0, 0, new FileCitation { FileId = "file-1", Filename = "a.txt", FileIndex = 0, VectorStoreId = "vs_1", Quote = "x", Start = 0, End = 1, Page = 1 }),
    ];

    [Fact]
    public void It_starts_in_progress_as_it_was_asked_for()
    {
        var start = new ResponseStart(Ids.New<WorkspaceId>(Now), Ids.New<UserId>(Now), Ids.New<ApiKeyId>(Now), "m", Ids.New<ConversationId>(Now), Ids.New<ResponseId>(Now), Store: false, TimeSpan.FromDays(3));

        var response = Response.Start(start, Now);

        response.Status.ShouldBe(ResponseStatus.InProgress);
        response.IsFinal.ShouldBeFalse();
        response.IsStored.ShouldBeFalse();
        response.Interruptions.ShouldBe(0);
        (response.WorkspaceId, response.UserId, response.ApiKeyId, response.Model).ShouldBe((start.WorkspaceId, start.UserId, start.ApiKeyId, "m"));
        (response.ConversationId, response.PreviousResponseId).ShouldBe((start.ConversationId, start.PreviousResponseId));
        (response.CreatedAt, response.ExpiresAt).ShouldBe((Now, Now.AddDays(3)));
    }

    [Fact]
    public void A_queued_one_is_not_final_and_starts_when_its_turn_comes()
    {
        var response = Response.Start(Begun with { IsQueued = true, IsBackground = true }, Now);
        response.Apply(new ResponseEvent.Created(), Now);
        response.Apply(new ResponseEvent.Queued(), Now);
        (response.Status, response.IsFinal, response.IsBackground).ShouldBe((ResponseStatus.Queued, false, true));

        response.Apply(new ResponseEvent.InProgress(), Later);
        response.Status.ShouldBe(ResponseStatus.InProgress);
    }

    [Fact]
    public void Interruptions_are_counted_with_what_was_spent_so_far()
    {
        var response = New();
        response.Interrupt(new TokenUsage(3, 1));
        response.Interrupt(new TokenUsage(7, 2));
        (response.Interruptions, response.Usage, response.IsFinal).ShouldBe((2, new TokenUsage(7, 2), false));
    }

    [Fact]
    public void Created_and_in_progress_change_nothing()
    {
        var response = New(new ResponseEvent.Created(), new ResponseEvent.InProgress());
        response.Status.ShouldBe(ResponseStatus.InProgress);
        response.Output.ShouldBeEmpty();
    }

    [Fact]
    public void A_message_grows_part_by_part()
    {
        var response = New(
            new ResponseEvent.ItemAdded(0, new MessageItem(NewItemId())),
            new ResponseEvent.PartAdded(0, 0, PartKind.Text),
            new ResponseEvent.Delta(0, 0, "Hello, "),
            new ResponseEvent.Delta(0, 0, "world"),
            new ResponseEvent.TextDone(0, 0),
            new ResponseEvent.PartDone(0, 0),
            new ResponseEvent.PartAdded(0, 1, PartKind.Refusal),
            new ResponseEvent.Delta(0, 1, "No."));

        var message = response.Output.ShouldHaveSingleItem().ShouldBeOfType<MessageItem>();
        message.Status.ShouldBe(ItemStatus.InProgress);
        message.Parts.Select(part => (part.Kind, part.Text, part.IsDone)).ShouldBe([(PartKind.Text, "Hello, world", true), (PartKind.Refusal, "No.", false)]);
    }

    [Fact]
    public void Log_probabilities_gather_beside_the_text()
    {
        var response = New(
            new ResponseEvent.ItemAdded(0, new MessageItem(NewItemId())),
            new ResponseEvent.PartAdded(0, 0, PartKind.Text),
            new ResponseEvent.Delta(0, 0, "a", JsonElement.Parse("""[{"token":"a"}]""")),
            new ResponseEvent.Delta(0, 0, "b", JsonElement.Parse("null")),
            new ResponseEvent.Delta(0, 0, "cd", JsonElement.Parse("""[{"token":"c"},{"token":"d"}]""")));

        response.PartAt(0, 0).Logprobs.Select(token => token.GetProperty("token").GetString()).ShouldBe(["a", "c", "d"]);
    }

    [Fact]
    public void Reasoning_has_its_one_part_from_the_start()
    {
        var response = New(
            new ResponseEvent.ItemAdded(0, new ReasoningItem(NewItemId())),
            new ResponseEvent.PartAdded(0, 0, PartKind.Reasoning),
            new ResponseEvent.Delta(0, 0, "Hm."),
            new ResponseEvent.TextDone(0, 0),
            new ResponseEvent.PartDone(0, 0),
            new ResponseEvent.ItemDone(0, ItemStatus.Completed));

        var reasoning = response.Output.ShouldHaveSingleItem().ShouldBeOfType<ReasoningItem>();
        (reasoning.Content.Text, reasoning.Content.IsDone, reasoning.Status).ShouldBe(("Hm.", true, ItemStatus.Completed));
    }

    [Fact]
    public void Items_stand_in_the_order_they_were_added_and_end_by_themselves()
    {
        var response = New(
            new ResponseEvent.ItemAdded(0, new ReasoningItem(NewItemId())),
            new ResponseEvent.ItemDone(0, ItemStatus.Incomplete),
            new ResponseEvent.ItemAdded(1, new FunctionCallItem(NewItemId(), "call_1", "f", "{}")),
            new ResponseEvent.ArgumentsDelta(1),
            new ResponseEvent.ArgumentsDone(1),
            new ResponseEvent.ItemDone(1, ItemStatus.Completed));

        response.Output.Select(item => (item.Type, item.Status)).ShouldBe([("reasoning", ItemStatus.Incomplete), ("function_call", ItemStatus.Completed)]);
        response.Output[1].WireId.ShouldStartWith("fc_");
    }

    [Fact]
    public void A_function_call_has_no_parts() =>
        Should.Throw<InvalidOperationException>(() => New(new ResponseEvent.ItemAdded(0, new FunctionCallItem(NewItemId(), "c", "f", "{}"))).PartAt(0, 0))
            .Message.ShouldContain("function_call");

    [Fact]
    public void Completing_it_keeps_usage_and_time()
    {
        var response = New();
        response.Apply(new ResponseEvent.Completed(new TokenUsage(10, 5, CachedInput: 4, Reasoning: 2)), Later);

        response.Usage.ShouldBe(new TokenUsage(10, 5, CachedInput: 4, Reasoning: 2));
        response.Usage!.Total.ShouldBe(15);
        response.CompletedAt.ShouldBe(Later);
    }

    [Fact]
    public void An_answer_cut_short_says_why_and_was_never_completed()
    {
        var response = New(new ResponseEvent.Incomplete("max_output_tokens", new TokenUsage(3, 4)));

        (response.IncompleteReason, response.Usage, response.CompletedAt).ShouldBe(("max_output_tokens", new TokenUsage(3, 4), null));
    }

    [Fact]
    public void A_failure_keeps_its_code_and_message()
    {
        var response = New(new ResponseEvent.Failed("rate_limit_exceeded", "Slow down."));

        (response.ErrorCode, response.ErrorMessage, response.CompletedAt).ShouldBe(("rate_limit_exceeded", "Slow down.", null));
    }

    [Fact]
    public void A_failures_message_can_always_be_stored() => New(new ResponseEvent.Failed("server_error", "Bad\0byte")).ErrorMessage.ShouldBe("Bad byte");

    [Theory]
    [MemberData(nameof(Endings))]
    public void Each_ending_is_final(ResponseEvent ending, ResponseStatus status)
    {
        var response = New(ending);
        ending.IsTerminal.ShouldBeTrue();
        response.Status.ShouldBe(status);
        response.IsFinal.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void Nothing_can_follow_an_ending(ResponseEvent ending, ResponseStatus status)
    {
        foreach (var @event in Events)
        {
            var response = New(new ResponseEvent.ItemAdded(0, new MessageItem(NewItemId())), new ResponseEvent.PartAdded(0, 0, PartKind.Text), new ResponseEvent.Delta(0, 0, "kept"), ending);

            Should.Throw<InvalidOperationException>(() => response.Apply(@event, Later)).Message.ShouldContain(response.Id.ToWire());

            response.Status.ShouldBe(status);
            response.Output.ShouldHaveSingleItem().Status.ShouldBe(ItemStatus.InProgress);
            response.PartAt(0, 0).Text.ShouldBe("kept");
        }
    }

    [Fact]
    public void Every_kind_of_event_is_among_those_tested() =>
        Events.Select(@event => @event.GetType()).ShouldBe(typeof(ResponseEvent).GetNestedTypes(), ignoreOrder: true);

    private static ResponseStart Begun => new(Ids.New<WorkspaceId>(Now), Ids.New<UserId>(Now), null, "m", null, null, Store: true, TimeSpan.FromDays(30));

    private static Response New(params ResponseEvent[] events)
    {
        var response = Response.Start(Begun, Now);
        foreach (var @event in events) response.Apply(@event, Now);
        return response;
    }

    private static ItemId NewItemId() => ItemId.New(Now);
}
