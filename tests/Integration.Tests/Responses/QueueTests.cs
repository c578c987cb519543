using AiPlatform.Integration.Tests.Conformance;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>A server that has enough to do: what can wait is queued, what cannot is asked to come again.</summary>
public sealed class QueueTests(QueueTests.OneAtATime platform) : ResponseTest(platform), IClassFixture<QueueTests.OneAtATime>
{
    [Fact]
    public async Task A_response_in_the_background_waits_for_room_and_then_runs()
    {
        using var gate = new FakeGate();
        await using var running = await OccupyAsync(gate);
        var queued = await CreateAsync(new { model = Model, input = "[[fake tokens=5]]", background = true });
        StatusOf(queued).ShouldBe("queued");
        queued.ShouldBe("Response");
        StatusOf((await GetAsync($"v1/responses/{IdOf(queued)}")).ShouldBe("Response")).ShouldBe("queued");
        await using var follower = await FollowLiveAsync(IdOf(queued));
        await follower.ReadUntilAsync("response.queued");
        gate.Open();
        await running.ReadToEndAsync();

        var events = await follower.ReadToEndAsync();
        events.Take(3).Select(block => block.Event).ShouldBe(["response.created", "response.queued", "response.in_progress"]);
        foreach (var block in events) block.Json.ShouldBe("ResponseStreamEvent");
        events.Select(block => block.Json.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        events.Take(2).ShouldAllBe(block => StatusOf(block.Json.GetProperty("response")) == "queued");
        StatusOf(events[2].Json.GetProperty("response")).ShouldBe("in_progress");
        var response = await GetAsync($"v1/responses/{IdOf(queued)}");
        TextOf(response).ShouldBe(FakeText.For("[[fake tokens=5]]"));
        response.TryGetProperty("interruptions", out _).ShouldBeFalse("nothing broke off");
        response.GetProperty("usage").TryGetProperty("estimated", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stream_in_the_background_begins_in_the_queue()
    {
        using var gate = new FakeGate();
        await using var running = await OccupyAsync(gate);
        using var answer = await Api.OpenAsync("v1/responses", new { model = Model, input = "[[fake tokens=5]]", background = true, stream = true }, Ct);
        await using var queued = new RunningResponse(answer, Sse.ReadAsync(answer, Ct).GetAsyncEnumerator(Ct));
        await queued.ReadUntilAsync("response.queued");
        gate.Open();
        await running.ReadToEndAsync();

        (await queued.ReadToEndAsync())[^1].Event.ShouldBe("response.completed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_that_cannot_wait_is_asked_to_come_again(bool stream)
    {
        using var gate = new FakeGate();
        await using var running = await OccupyAsync(gate);
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Hi", stream, metadata = new { find = "refused" } }, Ct);

        (reply.Status, reply.Code, reply.Header("Retry-After")).ShouldBe((503, "too_many_runs", "1"));
        (await Platform.Database.ScalarAsync("SELECT count(*) FROM chat.responses WHERE settings::text LIKE '%refused%'", Ct)).ShouldBe(0L, "nothing is left of it");
        gate.Open();
        await running.ReadToEndAsync();
        await EventuallyAsync(async () => (await Api.PostAsync("v1/responses", new { model = Model, input = "Hi" }, Ct)) is { Status: 200 } ok ? ok : null);
    }

    [Fact]
    public async Task One_that_waits_can_be_cancelled_and_never_costs_a_word()
    {
        using var gate = new FakeGate();
        await using var running = await OccupyAsync(gate);
        var id = IdOf(await CreateAsync(new { model = Model, input = "Never asked", background = true }));
        await using var follower = await FollowLiveAsync(id);
        await follower.ReadUntilAsync("response.queued");
        var cancelled = (await Api.PostAsync($"v1/responses/{id}/cancel", null, Ct)).Ok;

        StatusOf(cancelled.ShouldBe("Response")).ShouldBe("cancelled");
        var events = await follower.ReadToEndAsync();
        events.Select(block => block.Event).ShouldBe(["response.created", "response.queued", "response.incomplete"]);
        StatusOf(events[^1].Json.GetProperty("response")).ShouldBe("cancelled");
        gate.Open();
        await running.ReadToEndAsync();
        VendorCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_that_waits_can_be_deleted()
    {
        using var gate = new FakeGate();
        await using var running = await OccupyAsync(gate);
        var id = IdOf(await CreateAsync(new { model = Model, input = "Never asked", background = true }));
        (await Api.DeleteAsync($"v1/responses/{id}", Ct)).Ok.GetProperty("deleted").GetBoolean().ShouldBeTrue();

        (await Api.GetAsync($"v1/responses/{id}", Ct)).Status.ShouldBe(404);
        gate.Open();
        await running.ReadToEndAsync();
        VendorCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_that_waits_holds_its_conversation_and_sees_it_as_it_was()
    {
        using var gate = new FakeGate();
        var conversation = await ConversationAsync();
        await EventuallyAsync(async () => (await Api.PostAsync("v1/responses", new { model = Model, input = "First", conversation }, Ct)) is { Status: 200 } ok ? ok : null);
        await using var running = await OccupyAsync(gate);
        var id = IdOf(await CreateAsync(new { model = Model, input = "Second", conversation, background = true }));
        (await Api.PostAsync("v1/responses", new { model = Model, input = "Third", conversation, background = true }, Ct)).Code.ShouldBe("conversation_locked");
        gate.Open();
        await running.ReadToEndAsync();
        await WaitForStatusAsync(id, "completed");

        MessagesOf(VendorCalls[^1]).Where(message => message.Role == "user").Select(message => message.Text).ShouldBe(["First", "Second"]);
        (await ItemsAsync(conversation)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Several_that_wait_run_one_after_the_other()
    {
        using var gate = new FakeGate();
        await using var running = await OccupyAsync(gate);
        var ids = new List<string>();
        for (var n = 0; n < 4; n++) ids.Add(IdOf(await CreateAsync(new { model = Model, input = $"[[fake tokens=5 seed={n}]]", background = true })));
        gate.Open();
        await running.ReadToEndAsync();

        for (var n = 0; n < 4; n++) TextOf(await WaitForStatusAsync(ids[n], "completed")).ShouldBe(FakeText.For($"[[fake tokens=5 seed={n}]]"));
    }

    // The run before may take a moment to make room.
    private async Task<RunningResponse> OccupyAsync(FakeGate gate)
    {
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        while (true)
        {
            var answer = await Api.OpenAsync("v1/responses", new { model = Model, input = "Hi", stream = true }, Ct);
            if ((int)answer.StatusCode != 503)
            {
                var run = new RunningResponse(answer, Sse.ReadAsync(answer, Ct).GetAsyncEnumerator(Ct));
                await run.ReadUntilAsync("response.created");
                // The next script is for the next call, not for this one.
                await Vendor.WaitForAsync(request => request.Method == "POST", Ct);
                return run;
            }

            answer.Dispose();
            await Task.Delay(25, Ct);
        }
    }

    public sealed class OneAtATime : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings) => settings["Chat:MaxConcurrentRuns"] = "1";
    }
}
