using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.Integration.Tests.Conformance;

namespace AiPlatform.Integration.Tests.WebSockets;

/// <summary>What comes over a WebSocket is what comes as server-sent events.</summary>
public sealed partial class SocketEventTests(Platform platform) : SocketTest(platform), IClassFixture<Platform>
{
    public static TheoryData<string> Bodies =>
    [
        """{"input":"Hello"}""",
        """{"input":"[[fake reasoning=3 tokens=40 unicode]]"}""",
        """{"input":"[[fake tokens=40]]","store":false}""",
        """{"input":"[[fake refusal=No]]"}""",
        """{"input":"[[fake tokens=60]]","max_output_tokens":16}""",
        """{"input":"[[fake preamble=2 tool=lookup args={} tools=2]]","tools":[{"type":"function","name":"lookup"}]}""",
        """{"input":"[[fake tokens=9 error-event=4]]"}""",
        """{"input":"[[fake tokens=3 nul big=300000]]"}""",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Every_event_is_the_one_of_the_event_stream(string body)
    {
        var stream = await Api.StreamAsync("v1/responses", JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body)!
            .Append(new("model", JsonSerializer.SerializeToElement(Model))).Append(new("stream", JsonSerializer.SerializeToElement(true))).ToDictionary(), Ct);
        using var socket = await ConnectAsync();
        var events = await AskAsync(socket, JsonDocument.Parse(body).RootElement);

        events.Select(@event => Anonymous(@event.GetRawText())).ShouldBe(stream.Select(block => Anonymous(block.Data!)));
        foreach (var @event in events) @event.ShouldBe("ResponsesServerEvent");
    }

    [Fact]
    public async Task One_connection_serves_one_request_after_the_other()
    {
        using var socket = await ConnectAsync();
        for (var i = 0; i < 5; i++) TextOf(await AskAsync(socket, new { input = $"Hello {i}" })).ShouldBe(FakeText.For($"Hello {i}"));
        await socket.CloseAsync(Ct);
        socket.CloseStatus.ShouldBe(1000);
    }

    [Fact]
    public async Task A_request_may_come_in_pieces_and_the_next_before_it_is_answered()
    {
        using var socket = await ConnectAsync();
        foreach (var input in new[] { "नमस्ते", "Grüße" }) await socket.SendInPiecesAsync(Create(new { input }), Ct);

        foreach (var input in new[] { "नमस्ते", "Grüße" }) TextOf(await socket.ReadUntilAsync("response.completed", Ct)).ShouldBe(FakeText.For(input));
    }

    [Fact]
    public async Task Saying_what_is_so_anyway_changes_nothing()
    {
        using var socket = await ConnectAsync();
        var events = await AskAsync(socket, new { input = "Hello", stream = true, background = false, stream_id = (string?)null, something_new = 1 });

        TypeOf(events[^1]).ShouldBe("response.completed");
        LaneOf(events[0]).ShouldBeNull();
    }

    [Fact]
    public async Task A_stored_response_is_there_afterwards()
    {
        using var socket = await ConnectAsync();
        var events = await AskAsync(socket, new { input = "Hello", instructions = "Be brief." });

        var stored = (await Api.GetAsync($"v1/responses/{IdOf(events)}", Ct)).Ok;
        JsonElement.DeepEquals(stored, ResponseOf(events)).ShouldBeTrue(stored.GetRawText());
        var again = await Api.Http.GetAsync(new Uri($"v1/responses/{IdOf(events)}?stream=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Ct);
        (await Sse.ReadToEndAsync(again, Ct)).Select(block => block.Data).ShouldBe(events.Select(@event => @event.GetRawText()));
    }

    [Fact]
    public async Task A_request_that_is_to_generate_nothing_only_leaves_its_input()
    {
        using var socket = await ConnectAsync();
        var prepared = await AskAsync(socket, new { input = "Remember: 7.", instructions = "Be brief.", generate = false });
        prepared.Select(TypeOf).ShouldBe(["response.created", "response.in_progress", "response.completed"]);
        ResponseOf(prepared).GetProperty("output").GetArrayLength().ShouldBe(0);
        VendorCalls.ShouldBeEmpty();

        await AskAsync(socket, new { input = "Which number?", previous_response_id = IdOf(prepared) });
        MessagesOf(VendorCalls.ShouldHaveSingleItem()).ShouldBe(["user: Remember: 7.", "user: Which number?"]);
    }

    [Fact]
    public async Task A_request_that_is_to_generate_nothing_needs_no_input()
    {
        using var socket = await ConnectAsync();
        var prepared = await AskAsync(socket, new { instructions = "Be brief.", generate = false, store = false });
        TypeOf(prepared[^1]).ShouldBe("response.completed");
        TextOf(await AskAsync(socket, new { input = "Hello", previous_response_id = IdOf(prepared), store = false })).ShouldBe(FakeText.For("Hello"));
    }

    // Two runs differ in their ids and moments, and in nothing else.
    private static string Anonymous(string json) => Moment().Replace(Id().Replace(json, "$1ID"), "$1:0");

    [GeneratedRegex("\"((?:resp|msg|rs|fc|call)_)[^\"]*")]
    private static partial Regex Id();

    [GeneratedRegex("(\"(?:created_at|completed_at)\"):[0-9]+")]
    private static partial Regex Moment();
}
