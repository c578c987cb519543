using System.Net.WebSockets;
using AiPlatform.Integration.Tests.Conformance;

namespace AiPlatform.Integration.Tests.WebSockets;

/// <summary>What is wrong with one request is said, and ends no connection.</summary>
public sealed class SocketErrorTests(SocketErrorTests.SmallMessages platform) : SocketTest(platform), IClassFixture<SocketErrorTests.SmallMessages>
{
    public static TheoryData<string, int, string, string?> Wrong { get; } = new()
    {
        { "", 400, "invalid_json", null },
        { "nonsense", 400, "invalid_json", null },
        { "{", 400, "invalid_json", null },
        { "[]", 400, "invalid_json", null },
        { "null", 400, "invalid_json", null },
        { """{"type":"response.create","input":"\ud800"}""", 400, "invalid_json", null },
        { """{"type":"response.create"} {}""", 400, "invalid_json", null },
        { "{}", 400, "invalid_value", "type" },
        { """{"type":"response.cancel","response_id":"resp_1"}""", 400, "invalid_value", "type" },
        { """{"type":"\ud800"}""", 400, "invalid_value", "type" },
        { """{"type":7}""", 400, "invalid_value", "type" },
        { """{"type":"response.create","model":"fake-chat","input":"x","stream_id":""}""", 400, "invalid_stream_id", "stream_id" },
        { """{"type":"response.create","model":"fake-chat","input":"x","stream_id":"a b"}""", 400, "invalid_stream_id", "stream_id" },
        { """{"type":"response.create","model":"fake-chat","input":"x","stream_id":"ä"}""", 400, "invalid_stream_id", "stream_id" },
        { """{"type":"response.create","model":"fake-chat","input":"x","stream_id":"a\",\"x\":\"y"}""", 400, "invalid_stream_id", "stream_id" },
        { """{"type":"response.create","model":"fake-chat","input":"x","stream_id":7}""", 400, "invalid_stream_id", "stream_id" },
        { $$"""{"type":"response.create","model":"fake-chat","input":"x","stream_id":"{{new string('a', 257)}}"}""", 400, "invalid_stream_id", "stream_id" },
        { """{"type":"response.create","model":"fake-chat","input":"x","temperature":"hot"}""", 400, "invalid_type", "temperature" },
        { """{"type":"response.create","model":"fake-chat","input":"x","temperature":7}""", 400, "invalid_value", "temperature" },
        { """{"type":"response.create","model":"fake-chat"}""", 400, "missing_required_parameter", "input" },
        { """{"type":"response.create","model":"fake-chat","input":"x","background":true}""", 400, "unsupported_parameter", "background" },
        { """{"type":"response.create","model":"fake-chat","input":"x","stream":false}""", 400, "unsupported_value", "stream" },
        { """{"type":"response.create","model":"no-such-model","input":"x"}""", 404, "model_not_found", "model" },
        { """{"type":"response.create","model":"fake-chat","input":"x","conversation":"conv_0123456789abcdef0123456789abcdef"}""", 404, "not_found", "conversation" },
        { """{"type":"response.create","model":"fake-chat","input":"x","previous_response_id":"resp_0123456789abcdef0123456789abcdef"}""", 400, "previous_response_not_found", "previous_response_id" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_wrong_request_is_answered_and_the_next_is_served(string message, int status, string code, string? param)
    {
        using var socket = await ConnectAsync();
        var error = await ErrorOfAsync(socket, message);

        ShouldBeError(error, status, code, param);
        error.EnumerateObject().Select(member => member.Name).ShouldBe(["type", "status", "error"]);
        error.ShouldBe("ResponseWsError");
        TypeOf((await AskAsync(socket, new { input = "Hello" }))[^1]).ShouldBe("response.completed");
    }

    [Theory]
    [InlineData("""{"type":"response.create","stream_id":"a","temperature":"hot"}""")]
    [InlineData("""{"temperature":"hot","stream_id":"a","type":"response.create"}""")]
    [InlineData("""{"type":"response.create","stream_id":"a","model":"no-such-model","input":"x"}""")]
    [InlineData("""{"type":"response.create","stream_id":"a","background":true}""")]
    [InlineData("""{"type":"response.steer","stream_id":"a"}""")]
    public async Task An_error_names_its_lane_where_that_is_known(string message)
    {
        using var socket = await ConnectAsync();
        LaneOf(await ErrorOfAsync(socket, message)).ShouldBe("a");
    }

    [Fact]
    public async Task A_conversation_that_is_busy_is_a_409()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        var conversation = (await Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString();
        using var socket = await ConnectAsync();
        await socket.SendAsync(Create(new { input = "Hello", conversation, stream_id = "a" }), Ct);
        await socket.ReadUntilAsync("response.in_progress", Ct);

        ShouldBeError(await ErrorOfAsync(socket, Create(new { input = "Hello", conversation, stream_id = "b" })), 409, "conversation_locked", "conversation");
        gate.Open();
        await socket.ReadUntilAsync("response.completed", Ct);
    }

    [Fact]
    public async Task A_binary_message_is_not_understood()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Binary, Ct);

        ShouldBeError(await socket.ReadAsync(Ct), 400, "invalid_json", null);
        TypeOf((await AskAsync(socket, new { input = "Hello" }))[^1]).ShouldBe("response.completed");
    }

    [Fact]
    public async Task Text_that_is_no_utf8_ends_the_connection()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync([0xC3, 0x28], WebSocketMessageType.Text, Ct);

        try
        {
            (await socket.ReadToEndAsync(Ct)).ShouldBe((int)WebSocketCloseStatus.InvalidPayloadData);
        }
        catch (WebSocketException e)
        {
            // The end may be faster than its reason.
            e.WebSocketErrorCode.ShouldBe(WebSocketError.ConnectionClosedPrematurely);
        }
    }

    [Fact]
    public async Task A_message_that_is_too_large_ends_the_connection()
    {
        using var socket = await ConnectAsync();
        ShouldBeError(await ErrorOfAsync(socket, Create(new { input = new string('x', SmallMessages.Largest) })), 413, "request_too_large", null);

        (await socket.ReadToEndAsync(Ct)).ShouldBe((int)WebSocketCloseStatus.MessageTooBig);
    }

    [Fact]
    public async Task A_message_that_is_just_not_too_large_is_served()
    {
        using var socket = await ConnectAsync();
        var input = new string('x', SmallMessages.Largest - Create(new { input = "" }).Length);
        TextOf(await AskAsync(socket, new { input })).ShouldBe(FakeText.For(input));
    }

    [Fact]
    public async Task A_response_that_is_cancelled_elsewhere_ends_here()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        using var socket = await ConnectAsync();
        await socket.SendAsync(Create(new { input = "Hello" }), Ct);
        var id = (await socket.ReadUntilAsync("response.in_progress", Ct))[0].GetProperty("response").GetProperty("id").GetString();
        await Api.PostAsync($"v1/responses/{id}/cancel", null, Ct);

        (await socket.ReadUntilAsync("response.incomplete", Ct))[^1].GetProperty("response").GetProperty("status").GetString().ShouldBe("cancelled");
        TypeOf((await AskAsync(socket, new { input = "Hello" }))[^1]).ShouldBe("response.completed");
    }

    public sealed class SmallMessages : Platform
    {
        public const int Largest = 50_000;

        protected override void Configure(IDictionary<string, string?> settings) => settings["Edge:MaxRequestBodyBytes"] = $"{Largest}";
    }
}
