namespace AiPlatform.Integration.Tests.WebSockets;

/// <summary>A server that is told to stop sends its clients away in an orderly manner, and is not held up by them.</summary>
public sealed class SocketShutdownTests : IAsyncLifetime
{
    private const string Key = "sk-shutdown-0123456789abcdef0123456789";
    private const int ServiceRestart = 1012;

    // A machine that is busy with other tests takes its time to start processes.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    private TestDatabase Database { get; set; } = null!;

    private FakeModelServer Vendor { get; set; } = null!;

    private CancellationToken Ct => _limit.Token;

    [Fact]
    public async Task Idle_connections_are_closed_at_once()
    {
        await using var server = await StartAsync();
        var sockets = new List<SocketClient>();
        for (var i = 0; i < 20; i++) sockets.Add(await ConnectAsync(server));

        await server.TerminateAsync(Ct);
        foreach (var socket in sockets) (await socket.ReadToEndAsync(Ct)).ShouldBe(ServiceRestart);
        (await server.WaitForExitAsync(Ct)).ShouldBe(0, server.Output);
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task An_answer_may_end_first()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        await using var server = await StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SendAsync("""{"type":"response.create","model":"fake-chat","input":"Hello"}""", Ct);
        await socket.ReadUntilAsync("response.in_progress", Ct);

        await server.TerminateAsync(Ct);
        // There is nothing new to be had any more.
        string? code = null;
        while (code is null)
        {
            await socket.SendAsync("""{"type":"response.create","model":"fake-chat","input":"Hello","stream_id":"more","generate":false}""", Ct);
            var answer = await socket.ReadAsync(Ct);
            while (answer.GetProperty("type").GetString() is not ("error" or "response.completed")) answer = await socket.ReadAsync(Ct);
            if (answer.TryGetProperty("error", out var error)) code = error.GetProperty("code").GetString();
        }

        code.ShouldBe("shutting_down");
        gate.Open();
        await socket.ReadUntilAsync("response.completed", Ct);
        (await socket.ReadToEndAsync(Ct)).ShouldBe(ServiceRestart);
        (await server.WaitForExitAsync(Ct)).ShouldBe(0, server.Output);
    }

    [Fact]
    public async Task An_answer_that_would_take_longer_is_left_for_another_server()
    {
        await using var server = await StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SendAsync("""{"type":"response.create","model":"fake-chat","input":"[[fake tokens=30 hang=mid times=1]]"}""", Ct);
        var id = (await socket.ReadUntilAsync("response.output_text.delta", Ct))[0].GetProperty("response").GetProperty("id").GetString();

        await server.TerminateAsync(Ct);
        (await socket.ReadToEndAsync(Ct)).ShouldBe(ServiceRestart);
        (await server.WaitForExitAsync(Ct)).ShouldBe(0, server.Output);
        await using var other = await StartAsync();
        string? status;
        do status = (await other.Api.GetAsync($"v1/responses/{id}", Ct)).Ok.GetProperty("status").GetString();
        while (status == "in_progress");
        status.ShouldBe("completed");
    }

    [Fact]
    public async Task Clients_that_do_not_react_or_do_not_read_hold_nothing_up()
    {
        await using var server = await StartAsync();
        using var silent = await RawSocket.ConnectAsync(server.Api.Http.BaseAddress!, Key, Ct);
        using var full = await RawSocket.ConnectAsync(server.Api.Http.BaseAddress!, Key, Ct, receiveBuffer: 4096);
        await full.SendAsync(RawSocket.Text, """{"type":"response.create","model":"fake-chat","input":"[[fake tokens=3 big=4000000]]"}"""u8.ToArray(), Ct);
        await Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome == RequestOutcome.Completed, Ct);
        await server.TerminateAsync(Ct);

        (await server.WaitForExitAsync(Ct)).ShouldBe(0, server.Output);
        while (await silent.ReadFrameAsync(Ct) is { } frame)
            if (frame.Opcode == RawSocket.Close) ((frame.Payload[0] << 8) | frame.Payload[1]).ShouldBe(ServiceRestart);
    }

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync(Ct);
        Vendor = await FakeModelServer.StartAsync(cancellationToken: Ct);
    }

    public async Task DisposeAsync()
    {
        await Vendor.DisposeAsync();
        await Database.DisposeAsync();
        _limit.Dispose();
    }

    private Task<ApiProcess> StartAsync() => ApiProcess.StartAsync(ServerSettings.For(Database.ConnectionString, Vendor, Key), Ct);

    private Task<SocketClient> ConnectAsync(ApiProcess server) => SocketClient.ConnectAsync(server.Api.Http.BaseAddress!, Key, Ct);
}
