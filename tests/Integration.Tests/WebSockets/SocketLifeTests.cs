using System.Text;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.WebSockets;

/// <summary>Clients that leave, fall silent, or do not read: what becomes of their connection, and of their responses.</summary>
public sealed class SocketLifeTests(SocketLifeTests.Impatient platform) : SocketTest(platform), IClassFixture<SocketLifeTests.Impatient>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stored_response_goes_on_when_its_client_leaves(bool politely)
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        string id, connection;
        using (var socket = await ConnectAsync())
        {
            connection = socket.RequestId;
            await socket.SendAsync(Create(new { input = "Hello" }), Ct);
            id = (await socket.ReadUntilAsync("response.in_progress", Ct))[0].GetProperty("response").GetProperty("id").GetString()!;
            if (politely) await socket.CloseAsync(Ct);
        }

        await ShouldHaveEndedAsync(connection);
        gate.Open();
        var events = await Sse.ReadToEndAsync(await Api.Http.GetAsync(new Uri($"v1/responses/{id}?stream=true&starting_after=1", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Ct), Ct);
        events[0].Json.GetProperty("sequence_number").GetInt32().ShouldBe(2);
        events[^1].Event.ShouldBe("response.completed");
        VendorCalls.ShouldHaveSingleItem().Outcome.ShouldBe(RequestOutcome.Completed);
        ShouldNotHaveLogged(LogLevel.Warning);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_that_is_not_stored_ends_when_its_client_leaves(bool politely)
    {
        string connection;
        using (var socket = await ConnectAsync())
        {
            connection = socket.RequestId;
            await socket.SendAsync(Create(new { input = "[[fake hang=headers]]", store = false }), Ct);
            await Vendor.WaitForAsync(request => request.Method == "POST", Ct);
            if (politely) await socket.CloseAsync(Ct);
        }

        await Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome == RequestOutcome.ClientAborted, Ct);
        await ShouldHaveEndedAsync(connection);
        ShouldNotHaveLogged(LogLevel.Warning);
    }

    [Fact]
    public async Task Requests_in_waiting_are_forgotten_when_their_client_leaves()
    {
        string connection;
        using (var socket = await ConnectAsync())
        {
            connection = socket.RequestId;
            await socket.SendAsync(Create(new { input = "[[fake hang=headers]]", store = false }), Ct);
            await socket.SendAsync(Create(new { input = "Never" }), Ct);
            await Vendor.WaitForAsync(request => request.Method == "POST", Ct);
        }

        await ShouldHaveEndedAsync(connection);
        VendorCalls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_silent_connection_is_asked_whether_it_is_alive()
    {
        using var socket = await RawSocket.ConnectAsync(Platform.Address, Platform.ApiKey, Ct);
        for (var pings = 0; pings < 3; pings++)
        {
            var (opcode, payload) = (await socket.ReadFrameAsync(Ct))!.Value;
            opcode.ShouldBe(RawSocket.Ping);
            await socket.SendAsync(RawSocket.Pong, payload, Ct);
        }

        // Whoever answers may be silent for as long as it likes.
        await socket.SendAsync(RawSocket.Text, Encoding.UTF8.GetBytes(Create(new { input = "Hello" })), Ct);
        (int Opcode, byte[] Payload)? frame;
        do frame = await socket.ReadFrameAsync(Ct);
        while (frame is { Opcode: RawSocket.Ping });
        Encoding.UTF8.GetString(frame!.Value.Payload).ShouldContain("response.created");
    }

    [Fact]
    public async Task A_client_that_is_dead_is_let_go_and_its_response_is_not()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        using var socket = await RawSocket.ConnectAsync(Platform.Address, Platform.ApiKey, Ct);
        await socket.SendAsync(RawSocket.Text, Encoding.UTF8.GetBytes(Create(new { input = "Hello" })), Ct);

        // It reads on, but says nothing more, also to pings.
        var text = new StringBuilder();
        while (await socket.ReadFrameAsync(Ct) is { } frame) text.Append(Encoding.UTF8.GetString(frame.Payload));
        await ShouldHaveEndedAsync(socket.RequestId);
        text.ToString().ShouldContain("response.in_progress");
        gate.Open();
        await ShouldCompleteAsync(text.ToString());
        ShouldNotHaveLogged(LogLevel.Warning);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off_and_its_response_is_not()
    {
        var conversation = (await Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString();
        using var socket = await RawSocket.ConnectAsync(Platform.Address, Platform.ApiKey, Ct, receiveBuffer: 4096);
        await socket.SendAsync(RawSocket.Text, Encoding.UTF8.GetBytes(Create(new { input = "[[fake tokens=3 big=4000000]]", conversation })), Ct);

        // It answers pings, so that it is not taken for dead, but takes nothing.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var ponging = PongAsync(socket, stop.Token);
        await ShouldHaveEndedAsync(socket.RequestId);
        await stop.CancelAsync();
        await ponging;

        await EventuallyAsync(async () => (await Api.GetAsync($"v1/conversations/{conversation}/items", Ct)).Ok.GetProperty("data").GetArrayLength() == 2 ? "the answer is there" : null);
        VendorCalls.ShouldHaveSingleItem().Outcome.ShouldBe(RequestOutcome.Completed);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_gets_everything()
    {
        using var socket = await RawSocket.ConnectAsync(Platform.Address, Platform.ApiKey, Ct, receiveBuffer: 4096);
        await socket.SendAsync(RawSocket.Text, Encoding.UTF8.GetBytes(Create(new { input = "[[fake tokens=3 big=800000]]" })), Ct);
        var bytes = 0L;
        while (true)
        {
            var (opcode, payload) = (await socket.ReadFrameAsync(Ct)) ?? throw new InvalidDataException($"The connection was cut after {bytes} bytes.");
            if (opcode == RawSocket.Ping) await socket.SendAsync(RawSocket.Pong, payload, Ct);
            bytes += payload.Length;
            // Several times as long as a reader may read nothing.
            if (bytes % (1024 * 1024) < payload.Length) await Task.Delay(Impatient.SendTimeout / 2, Ct);
            if (Encoding.UTF8.GetString(payload).Contains("\"usage\":{", StringComparison.Ordinal)) break;
        }

        bytes.ShouldBeGreaterThan(3_000_000);
    }

    /// <summary>The server has done with the connection.</summary>
    private Task<LogEntry> ShouldHaveEndedAsync(string requestId) => EventuallyAsync(
        () => Platform.Log.Entries.FirstOrDefault(entry => entry.Message.StartsWith("Socket closed", StringComparison.Ordinal) && entry["requestId"] is string id && id == requestId));

    private async Task ShouldCompleteAsync(string messages)
    {
        var at = messages.IndexOf("resp_", StringComparison.Ordinal);
        var id = messages.Substring(at, "resp_".Length + 32);
        await EventuallyAsync(async () => (await Api.GetAsync($"v1/responses/{id}", Ct)).Ok.GetProperty("status").GetString() == "completed" ? id : null);
    }

    private static async Task PongAsync(RawSocket socket, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await socket.SendAsync(RawSocket.Pong, [], cancellationToken);
                await Task.Delay(50, cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Told to stop, or cut off.
        }
    }

    public sealed class Impatient : Platform
    {
        public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(1);

        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Edge:WebSockets:PingInterval"] = "00:00:00.5";
            settings["Edge:WebSockets:PingTimeout"] = "00:00:05";
            settings["Edge:WebSockets:SendTimeout"] = SendTimeout.ToString();
        }
    }
}
