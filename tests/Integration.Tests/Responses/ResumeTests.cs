using System.Text.Json;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>Taking up the stream of a response: from any event, while it runs and as long as it is kept.</summary>
public sealed class ResumeTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    /// <summary>How a response can end, and what makes it do so.</summary>
    public static TheoryData<string, string> Ends { get; } = new()
    {
        { "completed", "[[fake reasoning=3 tokens=12 unicode]]" },
        { "completed", "[[fake tokens=3 nul]]" },
        { "completed", "[[fake preamble=3 tool=f tools=2 args={}]]" },
        { "completed", "[[fake tokens=20 cut=7 times=1]]" },
        { "incomplete", "[[fake tokens=60]]" },
        { "failed", "[[fake status=500]]" },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task It_is_the_same_stream_to_the_byte_however_it_ended(string status, string input)
    {
        using var live = await Api.OpenAsync("v1/responses", new { model = Model, input, max_output_tokens = 40, stream = true }, Ct);
        var text = await live.Content.ReadAsStringAsync(Ct);
        var final = JsonDocument.Parse(text.TrimEnd().Split("data: ")[^1]).RootElement.GetProperty("response");
        StatusOf(final).ShouldBe(status);

        var replay = await Api.GetAsync($"v1/responses/{IdOf(final)}?stream=true", Ct);
        replay.ContentHeaders.ContentType!.MediaType.ShouldBe("text/event-stream");
        replay.Text.ShouldBe(text);
    }

    [Fact]
    public async Task It_can_be_taken_up_after_each_event()
    {
        var events = await FollowAsync(IdOf(await CreateAsync(new { model = Model, input = "[[fake tokens=5]]" })));

        events.Count.ShouldBeGreaterThan(10);
        events.ShouldAllBe(block => block.Id == block.Json.GetProperty("sequence_number").GetRawText());
        for (var after = 0; after < events.Count; after++)
            (await FollowAsync(IdOf(events[0].Json.GetProperty("response")), $"&starting_after={after}")).ShouldBe(events[(after + 1)..]);
    }

    [Fact]
    public async Task After_the_last_event_there_is_nothing_and_beyond_it_is_a_mistake()
    {
        var id = IdOf(await CreateAsync(new { model = Model, input = "[[fake tokens=5]]" }));
        var last = (await FollowAsync(id)).Count - 1;

        var end = await Api.GetAsync($"v1/responses/{id}?stream=true&starting_after={last}", Ct);
        (end.Status, end.Text, end.ContentHeaders.ContentType!.MediaType).ShouldBe((200, "", "text/event-stream"));
        await ShouldBeRefusedAsync($"{id}?stream=true&starting_after={last + 1}", "starting_after");
        await ShouldBeRefusedAsync($"{id}?stream=true&starting_after={long.MaxValue}", "starting_after");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-9223372036854775808")]
    [InlineData("9223372036854775808")]
    [InlineData("abc")]
    [InlineData("1.5")]
    public async Task A_place_that_is_no_number_of_an_event_is_a_mistake(string place)
    {
        var id = IdOf(await CreateAsync(new { model = Model, input = "Hi" }));

        await ShouldBeRefusedAsync($"{id}?stream=true&starting_after={place}", "starting_after");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/responses/{id}?stream=true");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", place);
        (await Api.SendAsync(request, Ct)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_header_of_an_event_source_does_the_same_and_the_query_wins_over_it()
    {
        var id = IdOf(await CreateAsync(new { model = Model, input = "[[fake tokens=5]]" }));
        var events = await FollowAsync(id);

        (await FollowAsync(id, lastEventId: "3")).ShouldBe(events[4..]);
        (await FollowAsync(id, "&starting_after=6", lastEventId: "3")).ShouldBe(events[7..]);
    }

    [Fact]
    public async Task Who_has_no_response_has_no_stream()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var id = IdOf(await CreateAsync(new { model = Model, input = "Hi" }));

        (await tenant.Api.GetAsync($"v1/responses/{id}?stream=true", Ct)).Status.ShouldBe(404);
        (await Api.GetAsync($"v1/responses/resp_{Guid.Empty:n}?stream=true", Ct)).Status.ShouldBe(404);
        (await Api.GetAsync("v1/responses/nonsense?stream=true", Ct)).Status.ShouldBe(404);
        await Api.DeleteAsync($"v1/responses/{id}", Ct);
        var deleted = await Api.GetAsync($"v1/responses/{id}?stream=true&starting_after=2", Ct);
        (deleted.Status, deleted.Error.GetProperty("type").GetString()).ShouldBe((404, "invalid_request_error"));
    }

    [Fact]
    public async Task A_response_past_its_time_has_no_stream()
    {
        var id = IdOf(await CreateAsync(new { model = Model, input = "Hi" }));
        await Platform.Database.ScalarAsync($"UPDATE chat.responses SET expires_at = now() - interval '1 second' WHERE id = '{id[5..]}'", Ct);

        (await Api.GetAsync($"v1/responses/{id}?stream=true", Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task One_that_is_not_stored_has_no_stream_either()
    {
        var id = IdOf(await CreateAsync(new { model = Model, input = "Hi", store = false }));
        (await Api.GetAsync($"v1/responses/{id}?stream=true", Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Others_can_follow_it_live_from_wherever_they_are()
    {
        using var gate = new FakeGate();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });
        await using var fromStart = await FollowLiveAsync(run.Id);
        gate.Release();
        var first = await run.ReadUntilAsync("response.output_text.delta");
        await using var fromHere = await FollowLiveAsync(run.Id, $"&starting_after={first.Id}");
        gate.Open();

        var all = await run.ReadToEndAsync();
        all[^1].Event.ShouldBe("response.completed");
        (await fromStart.ReadToEndAsync()).ShouldBe(all);
        (await fromHere.ReadToEndAsync()).ShouldBe(all[(int.Parse(first.Id!, System.Globalization.CultureInfo.InvariantCulture) + 1)..]);
    }

    [Fact]
    public async Task While_it_runs_a_place_that_is_not_there_yet_is_a_mistake()
    {
        using var gate = new FakeGate();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });

        await ShouldBeRefusedAsync($"{run.Id}?stream=true&starting_after=1000", "starting_after");
        gate.Open();
        await run.ReadToEndAsync();
    }

    [Fact]
    public async Task A_follower_sees_the_response_cancelled_or_deleted_by_somebody_else()
    {
        foreach (var delete in new[] { false, true })
        {
            using var gate = new FakeGate();
            await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });
            await using var follower = await FollowLiveAsync(run.Id);
            await follower.ReadUntilAsync("response.in_progress");
            (delete ? await Api.DeleteAsync($"v1/responses/{run.Id}", Ct) : await Api.PostAsync($"v1/responses/{run.Id}/cancel", null, Ct)).Status.ShouldBe(200);

            var events = await follower.ReadToEndAsync();
            if (!delete || events[^1].Event != "error") StatusOf(events[^1].Json.GetProperty("response")).ShouldBe("cancelled");
            if (!delete) (await FollowAsync(run.Id)).ShouldBe(events);
        }
    }

    [Fact]
    public async Task The_response_shows_what_there_is_of_it_while_it_runs()
    {
        using var gate = new FakeGate();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });
        gate.Release(2);
        await run.ReadUntilAsync("response.output_text.delta");
        await run.ReadUntilAsync("response.output_text.delta");
        var now = await GetAsync($"v1/responses/{run.Id}");

        StatusOf(now).ShouldBe("in_progress");
        TextOf(now).ShouldBe("one two");
        StatusOf(now.GetProperty("output")[0]).ShouldBe("in_progress");
        gate.Open();
        await run.ReadUntilAsync("response.completed");
    }

    [Fact]
    public async Task Events_are_one_compressed_row_when_it_is_over_and_gone_with_it()
    {
        var id = IdOf(await CreateAsync(new { model = Model, input = "[[fake tokens=100]]" }));
        (await CountAsync("run_events", id), await CountAsync("runs", id), await CountAsync("response_logs", id)).ShouldBe((0, 0, 1));

        await Api.DeleteAsync($"v1/responses/{id}", Ct);
        (await CountAsync("run_events", id), await CountAsync("runs", id), await CountAsync("response_logs", id)).ShouldBe((0, 0, 0));
    }

    private async Task<long> CountAsync(string table, string id) =>
        (long)(await Platform.Database.ScalarAsync($"SELECT count(*) FROM chat.{table} WHERE response_id = '{id[5..]}'", Ct))!;

    private async Task ShouldBeRefusedAsync(string path, string param)
    {
        var reply = await Api.GetAsync($"v1/responses/{path}", Ct);
        reply.Status.ShouldBe(400, reply.Text);
        reply.Param.ShouldBe(param);
    }
}
