using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Responses;

public sealed class ResponseCancelTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    public static TheoryData<string> Both => Vendors.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Cancelling_stops_the_vendor_and_keeps_what_was_said(string model)
    {
        using var gate = new FakeGate();
        await using var run = await StartAsync(gate, new { model, input = "Hi", stream = true });
        gate.Release();
        await run.ReadUntilAsync("response.output_text.delta");
        var cancelled = (await Api.PostAsync($"v1/responses/{run.Id}/cancel", null, Ct)).Ok;

        StatusOf(cancelled).ShouldBe("cancelled");
        TextOf(cancelled).ShouldBe("one");
        StatusOf(cancelled.GetProperty("output")[0]).ShouldBe("incomplete");
        await Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome == RequestOutcome.ClientAborted, Ct);

        // The reader sees everything closed, and one terminal event.
        var events = await run.ReadToEndAsync();
        events.TakeLast(4).Select(block => block.Event).ShouldBe(["response.output_text.done", "response.content_part.done", "response.output_item.done", "response.incomplete"]);
        JsonElement.DeepEquals(events[^1].Json.GetProperty("response"), cancelled).ShouldBeTrue($"{events[^1].Json}\n{cancelled}");
        JsonElement.DeepEquals(await GetAsync($"v1/responses/{run.Id}"), cancelled).ShouldBeTrue();
        (await EventuallyAsync(() => Platform.Log.ModelCalls.FirstOrDefault()))["Outcome"].ShouldBe("cancelled");
        ShouldNotHaveLogged(LogLevel.Warning);
    }

    [Fact]
    public async Task Cancelling_before_the_first_token_leaves_no_output()
    {
        using var gate = new FakeGate();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });
        await Vendor.WaitForAsync(request => request.Method == "POST", Ct);
        var cancelled = (await Api.PostAsync($"v1/responses/{run.Id}/cancel", null, Ct)).Ok;

        StatusOf(cancelled).ShouldBe("cancelled");
        cancelled.GetProperty("output").GetArrayLength().ShouldBe(0);
        await Vendor.WaitForAsync(request => request.Outcome == RequestOutcome.ClientAborted, Ct);
    }

    [Fact]
    public async Task Cancelling_again_changes_nothing()
    {
        using var gate = new FakeGate();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Api.PostAsync($"v1/responses/{run.Id}/cancel", null, Ct)));
        var later = await Api.PostAsync($"v1/responses/{run.Id}/cancel", null, Ct);

        foreach (var reply in replies) JsonElement.DeepEquals(reply.Ok, later.Ok).ShouldBeTrue();
        StatusOf(later.Ok).ShouldBe("cancelled");
    }

    [Fact]
    public async Task Cancelling_a_finished_response_shows_it_as_it_is()
    {
        var response = await CreateAsync(new { model = Model, input = "Hi" });
        var cancelled = (await Api.PostAsync($"v1/responses/{IdOf(response)}/cancel", null, Ct)).Ok;

        JsonElement.DeepEquals(cancelled, response).ShouldBeTrue($"{cancelled}\n{response}");
    }

    [Fact]
    public async Task A_cancel_that_races_the_end_leaves_one_terminal_state_that_everybody_sees()
    {
        for (var round = 0; round < 12; round++)
        {
            using var gate = new FakeGate();
            await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true }, says: "one");
            gate.Release();
            if (round % 2 == 0) await run.ReadUntilAsync("response.output_text.delta");
            var cancelling = Api.PostAsync($"v1/responses/{run.Id}/cancel", null, Ct);
            var events = await run.ReadToEndAsync();
            var cancelled = (await cancelling).Ok;

            string[] terminal = ["response.completed", "response.incomplete", "response.failed", "error"];
            events.Where(block => terminal.Contains(block.Event)).ShouldHaveSingleItem().ShouldBe(events[^1]);
            var shown = events[^1].Json.GetProperty("response");
            StatusOf(shown).ShouldBeOneOf("completed", "cancelled");
            JsonElement.DeepEquals(shown, cancelled).ShouldBeTrue($"{shown}\n{cancelled}");
            JsonElement.DeepEquals(shown, await GetAsync($"v1/responses/{run.Id}")).ShouldBeTrue();
        }

        ShouldNotHaveLogged(LogLevel.Error);
    }

    [Fact]
    public async Task Whoever_waits_for_a_response_in_one_piece_gets_it_when_it_is_cancelled()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two") with { Gate = gate });
        var waiting = Api.PostAsync("v1/responses", new { model = Model, input = "Hi", metadata = new { find = "me" } }, Ct);
        await Vendor.WaitForAsync(request => request.Method == "POST", Ct);
        var uuid = (Guid)(await Platform.Database.ScalarAsync("SELECT id FROM chat.responses WHERE status = 'in_progress'", Ct))!;
        (await Api.PostAsync($"v1/responses/resp_{uuid:n}/cancel", null, Ct)).Status.ShouldBe(200);

        StatusOf((await waiting).Ok).ShouldBe("cancelled");
    }

    [Fact]
    public async Task Deleting_a_response_in_progress_stops_it()
    {
        using var gate = new FakeGate();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });
        await Vendor.WaitForAsync(request => request.Method == "POST", Ct);
        (await Api.DeleteAsync($"v1/responses/{run.Id}", Ct)).Ok.GetProperty("deleted").GetBoolean().ShouldBeTrue();

        (await Api.GetAsync($"v1/responses/{run.Id}", Ct)).Status.ShouldBe(404);
        await Vendor.WaitForAsync(request => request.Outcome == RequestOutcome.ClientAborted, Ct);
        await run.ReadToEndAsync();
    }
}
