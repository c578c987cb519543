using System.Text.Json;

namespace AiPlatform.Integration.Tests.WebSockets;

/// <summary>Lanes: requests of one run one after the other, those of several beside each other.</summary>
public sealed class SocketLaneTests(SocketLaneTests.FewLanes platform) : SocketTest(platform), IClassFixture<SocketLaneTests.FewLanes>
{
    [Fact]
    public async Task Every_event_names_the_lane_of_its_request()
    {
        using var socket = await ConnectAsync();
        var named = await AskAsync(socket, new { input = "One", stream_id = "a-1.B_c" });
        var unnamed = await AskAsync(socket, new { input = "Two" });

        named.ShouldAllBe(@event => LaneOf(@event) == "a-1.B_c");
        unnamed.ShouldAllBe(@event => LaneOf(@event) == null);
        named[0].GetProperty("response").TryGetProperty("stream_id", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Requests_of_one_lane_are_answered_in_their_order_and_one_at_a_time()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        using var socket = await ConnectAsync();
        foreach (var input in new[] { "First", "Second", "Third" }) await socket.SendAsync(Create(new { input, stream_id = "a" }), Ct);
        var events = await socket.ReadUntilAsync("response.in_progress", Ct);
        gate.Open();
        for (var ends = 0; ends < 3; ends++) events.AddRange(await socket.ReadUntilAsync("response.completed", Ct));

        events.Where(@event => TypeOf(@event) is "response.created" or "response.completed").Select(TypeOf)
            .ShouldBe(["response.created", "response.completed", "response.created", "response.completed", "response.created", "response.completed"]);
        TextOf(events).ShouldBe("one two three" + FakeText.For("Second") + FakeText.For("Third"));
    }

    [Fact]
    public async Task A_lane_does_not_wait_for_another()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate, When = request => request.Body.GetRawText().Contains("Slow", StringComparison.Ordinal) });
        using var socket = await ConnectAsync();
        await socket.SendAsync(Create(new { input = "Slow", stream_id = "slow" }), Ct);
        await socket.ReadUntilAsync("response.in_progress", Ct);
        await socket.SendAsync(Create(new { input = "Quick", stream_id = "quick" }), Ct);
        await socket.SendAsync(Create(new { input = "Default" }), Ct);

        // Both end while the slow one waits.
        var events = await socket.ReadUntilAsync("response.completed", Ct);
        events.AddRange(await socket.ReadUntilAsync("response.completed", Ct));
        events.Where(@event => TypeOf(@event) == "response.completed").Select(LaneOf).ShouldBe(["quick", null], ignoreOrder: true);
        gate.Open();
        events = await socket.ReadUntilAsync("response.completed", Ct);
        LaneOf(events[^1]).ShouldBe("slow");
        TextOf(events.Where(@event => LaneOf(@event) == "slow")).ShouldBe("one two three");
    }

    [Fact]
    public async Task Many_lanes_at_once_keep_their_answers_apart()
    {
        using var socket = await ConnectAsync();
        var lanes = Enumerable.Range(0, FewLanes.Lanes).Select(lane => $"lane{lane}").ToList();
        foreach (var lane in lanes)
            for (var turn = 0; turn < 3; turn++) await socket.SendAsync(Create(new { input = $"[[fake tokens=30 seed={lane.Length + turn}]]", stream_id = lane, store = turn % 2 == 0 }), Ct);

        var events = new List<JsonElement>();
        for (var ends = 0; ends < 3 * lanes.Count; ends++) events.AddRange(await socket.ReadUntilAsync("response.completed", Ct));
        foreach (var lane in lanes)
        {
            TextOf(events.Where(@event => LaneOf(@event) == lane))
                .ShouldBe(string.Concat(Enumerable.Range(0, 3).Select(turn => FakeText.For($"[[fake tokens=30 seed={lane.Length + turn}]]"))));
        }
    }

    [Fact]
    public async Task Too_many_lanes_at_once_are_refused()
    {
        Vendor.Standing = FakeDirective.Parse("hang=headers");
        using var socket = await ConnectAsync();
        for (var lane = 0; lane < FewLanes.Lanes; lane++)
        {
            await socket.SendAsync(Create(new { input = "Hello", stream_id = $"lane{lane}", store = false }), Ct);
            await socket.ReadUntilAsync("response.in_progress", Ct);
        }

        var error = await ErrorOfAsync(socket, Create(new { input = "Hello", stream_id = "one-more" }));
        ShouldBeError(error, 400, "websocket_stream_limit_reached", "stream_id");
        LaneOf(error).ShouldBe("one-more");

        // The default lane is none of them.
        Vendor.Standing = null;
        TypeOf((await AskAsync(socket, new { input = "Hello" }))[^1]).ShouldBe("response.completed");
    }

    [Fact]
    public async Task Too_many_requests_in_waiting_are_refused()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        using var socket = await ConnectAsync();
        for (var i = 0; i < FewLanes.Queued + 1; i++) await socket.SendAsync(Create(new { input = "Hello", stream_id = "a" }), Ct);
        await socket.ReadUntilAsync("response.in_progress", Ct);

        var error = await ErrorOfAsync(socket, Create(new { input = "Hello", stream_id = "a" }));
        ShouldBeError(error, 429, "websocket_queue_full", null);
        LaneOf(error).ShouldBe("a");
        gate.Open();
        for (var ends = 0; ends < FewLanes.Queued + 1; ends++) await socket.ReadUntilAsync("response.completed", Ct);
    }

    [Fact]
    public async Task Requests_in_waiting_may_together_be_as_large_as_one()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        using var socket = await ConnectAsync();
        var large = Create(new { input = new string('x', FewLanes.LargestMessage * 2 / 3), stream_id = "a" });
        await socket.SendAsync(Create(new { input = "Hello", stream_id = "a" }), Ct);
        await socket.ReadUntilAsync("response.in_progress", Ct);
        await socket.SendAsync(large, Ct);

        ShouldBeError(await ErrorOfAsync(socket, large), 429, "websocket_queue_full", null);
        gate.Open();
        for (var ends = 0; ends < 2; ends++) await socket.ReadUntilAsync("response.completed", Ct);
    }

    public sealed class FewLanes : Platform
    {
        public const int Lanes = 4;
        public const int Queued = 8;
        public const int LargestMessage = 100_000;

        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Edge:WebSockets:MaxLanes"] = $"{Lanes}";
            settings["Edge:WebSockets:MaxQueued"] = $"{Queued}";
            settings["Edge:MaxRequestBodyBytes"] = $"{LargestMessage}";
        }
    }
}
