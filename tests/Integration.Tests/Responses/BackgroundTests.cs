using System.Text.Json;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>Responses that nobody waits for on an open connection.</summary>
public sealed class BackgroundTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    [Theory]
    [InlineData(Vendors.OpenAi)]
    [InlineData(Vendors.Anthropic)]
    public async Task It_answers_at_once_and_can_be_asked_for_until_it_is_done(string model)
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        var created = await CreateAsync(new { model, input = "Hi", background = true });

        StatusOf(created).ShouldBe("in_progress");
        created.GetProperty("background").GetBoolean().ShouldBeTrue();
        created.GetProperty("output").GetArrayLength().ShouldBe(0);
        created.TryGetProperty("usage", out _).ShouldBeFalse();
        StatusOf(await GetAsync($"v1/responses/{IdOf(created)}")).ShouldBe("in_progress");
        gate.Open();
        TextOf(await WaitForStatusAsync(IdOf(created), "completed")).ShouldBe("one two three");
    }

    [Fact]
    public async Task Its_stream_can_be_left_and_taken_up_again()
    {
        using var gate = new FakeGate();
        string id;
        await using (var run = await StartAsync(gate, new { model = Model, input = "Hi", background = true, stream = true }))
        {
            run.Events[0].Json.GetProperty("response").GetProperty("background").GetBoolean().ShouldBeTrue();
            id = run.Id;
        }

        gate.Open();
        await WaitForStatusAsync(id, "completed");
        var events = await FollowAsync(id);
        events[^1].Event.ShouldBe("response.completed");
        string.Concat(events.Where(block => block.Event == "response.output_text.delta").Select(block => block.Json.GetProperty("delta").GetString())).ShouldBe("one two three");
    }

    [Fact]
    public async Task It_can_be_cancelled()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        var id = IdOf(await CreateAsync(new { model = Model, input = "Hi", background = true }));
        gate.Release();
        await EventuallyAsync(async () => (await GetAsync($"v1/responses/{id}")).GetProperty("output").GetArrayLength() > 0 ? id : null);
        var cancelled = (await Api.PostAsync($"v1/responses/{id}/cancel", null, Ct)).Ok;

        StatusOf(cancelled).ShouldBe("cancelled");
        TextOf(cancelled).ShouldBe("one");
        await Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome == RequestOutcome.ClientAborted, Ct);
        JsonElement.DeepEquals(await GetAsync($"v1/responses/{id}"), cancelled).ShouldBeTrue();
    }

    [Fact]
    public async Task It_can_be_deleted_while_it_runs()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        var id = IdOf(await CreateAsync(new { model = Model, input = "Hi", background = true }));
        await Vendor.WaitForAsync(request => request.Method == "POST", Ct);
        (await Api.DeleteAsync($"v1/responses/{id}", Ct)).Ok.GetProperty("deleted").GetBoolean().ShouldBeTrue();

        (await Api.GetAsync($"v1/responses/{id}", Ct)).Status.ShouldBe(404);
        await Vendor.WaitForAsync(request => request.Outcome == RequestOutcome.ClientAborted, Ct);
    }

    [Fact]
    public async Task A_failure_is_found_in_the_response()
    {
        var id = IdOf(await CreateAsync(new { model = Model, input = "[[fake status=429]]", background = true }));
        var failed = await WaitForStatusAsync(id, "failed");

        failed.GetProperty("error").GetProperty("code").GetString().ShouldBe("rate_limit_exceeded");
        failed.GetProperty("output").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_request_that_cannot_work_is_refused_at_once()
    {
        (await Api.PostAsync("v1/responses", new { model = "nobodys", input = "Hi", background = true }, Ct)).Code.ShouldBe("model_not_found");
        (await Api.PostAsync("v1/responses", new { model = Model, background = true }, Ct)).Param.ShouldBe("input");
    }

    [Theory]
    [InlineData("continue")]
    [InlineData("cancel")]
    public async Task What_is_to_become_of_it_when_nobody_reads_it_is_shown(string onDisconnect)
    {
        var response = await CreateAsync(new { model = Model, input = "Hi", on_disconnect = onDisconnect });

        response.GetProperty("on_disconnect").GetString().ShouldBe(onDisconnect);
        (await GetAsync($"v1/responses/{IdOf(response)}")).GetProperty("on_disconnect").GetString().ShouldBe(onDisconnect);
    }

    [Fact]
    public async Task One_that_is_to_be_cancelled_without_readers_is_so_once_they_have_been_away_for_long()
    {
        using var gate = new FakeGate();
        string id;
        await using (var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true, on_disconnect = "cancel" })) id = run.Id;
        // As if half a minute had passed: while somebody reads, each second would set it anew.
        await EventuallyAsync(async () =>
        {
            await Platform.Database.ScalarAsync($"UPDATE chat.runs SET watched_until = now() - interval '1 second' WHERE response_id = '{id[5..]}'", Ct);
            return StatusOf(await GetAsync($"v1/responses/{id}")) == "cancelled" ? id : null;
        });
        await Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome == RequestOutcome.ClientAborted, Ct);
    }
}
