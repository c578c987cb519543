namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Starting with wrong settings, and stopping when asked to.</summary>
public sealed class StartAndStopTests : IAsyncLifetime
{
    // A machine that is busy with other tests takes its time to start processes.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    private TestDatabase Database { get; set; } = null!;

    private FakeModelServer Vendor { get; set; } = null!;

    private CancellationToken Ct => _limit.Token;

    private Dictionary<string, string?> Settings => ServerSettings.For(Database.ConnectionString, Vendor, "sk-start-0123456789abcdef0123456789");

    [Theory]
    [InlineData("ConnectionStrings:Postgres", "", "ConnectionStrings__Postgres")]
    [InlineData("ConnectionStrings:Postgres", "nonsense", "ConnectionStrings__Postgres")]
    [InlineData("Bootstrap:ApiKey", "secret", "Bootstrap:ApiKey")]
    [InlineData("Inference:Providers:openai:Type", "oracle", "Inference:Providers:openai:Type")]
    [InlineData("Inference:Providers:openai:BaseUrl", "not an address", "Inference:Providers:openai:BaseUrl")]
    [InlineData("Inference:Timeouts:FirstToken", "00:00:00", "Inference:Timeouts:FirstToken")]
    [InlineData("Edge:CorsOrigins:0", "https://app.example.com/path", "Edge:CorsOrigins")]
    [InlineData("Edge:KnownProxies:0", "proxy", "Edge:KnownProxies")]
    [InlineData("Knowledge:MaxFileBytes", "0", "Knowledge__MaxFileBytes")]
    [InlineData("Knowledge:Storage:Folder", "/dev/null/files", "Knowledge__Storage__Folder")]
    [InlineData("Knowledge:Storage:S3:ServiceUrl", "http://127.0.0.1:9", "Knowledge__Storage__S3__Bucket")]
    [InlineData("Edge:WebSockets:MaxLanes", "0", "Edge:WebSockets:MaxLanes")]
    [InlineData("Edge:WebSockets:PingTimeout", "00:00:00", "Edge:WebSockets:PingTimeout")]
    public async Task A_wrong_setting_is_named_and_nothing_starts(string setting, string value, string named)
    {
        var settings = Settings;
        settings[setting] = value;
        var (code, output) = await ApiProcess.RunAsync(settings, Ct);

        code.ShouldBe(2, output);
        output.ShouldContain("Configuration error");
        output.ShouldContain(named);
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_lets_a_response_end_first()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        await using var server = await ApiProcess.StartAsync(Settings, Ct);
        using var response = await server.Api.OpenAsync("v1/responses", new { model = Vendors.OpenAi, input = "Hi", stream = true }, Ct);
        await using var events = Sse.ReadAsync(response, Ct).GetAsyncEnumerator(Ct);
        while (await events.MoveNextAsync() && events.Current.Event != "response.in_progress") continue;

        await server.TerminateAsync(Ct);
        gate.Open();
        string? last = null;
        while (await events.MoveNextAsync()) last = events.Current.Event ?? last;
        last.ShouldBe("response.completed");
        (await server.WaitForExitAsync(Ct)).ShouldBe(0, server.Output);
        (await Database.ScalarAsync("SELECT status FROM chat.responses", Ct)).ShouldBe("completed");
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_ends_the_streams_that_their_readers_open_again()
    {
        await using var server = await ApiProcess.StartAsync(Settings, Ct);
        var store = (await server.Api.PostAsync("v1/vector_stores", new { }, Ct)).Ok.GetProperty("id").GetString();
        using var response = await server.Api.OpenAsync(new HttpRequestMessage(HttpMethod.Get, $"api/vector_stores/{store}/events"), Ct);
        await using var events = Sse.ReadAsync(response, Ct).GetAsyncEnumerator(Ct);
        (await events.MoveNextAsync()).ShouldBeTrue();
        events.Current.Event.ShouldBe("snapshot");

        await server.TerminateAsync(Ct);

        // Not the error that ends what still runs when the time for stopping is over.
        while (await events.MoveNextAsync()) events.Current.Comment.ShouldNotBeNull();
        (await server.WaitForExitAsync(Ct)).ShouldBe(0, server.Output);
    }

    [Fact]
    public async Task A_server_that_is_told_to_stop_does_not_wait_for_ever()
    {
        await using var server = await ApiProcess.StartAsync(Settings, Ct);
        using var response = await server.Api.OpenAsync("v1/responses", new { model = Vendors.OpenAi, input = "[[fake tokens=10 hang=mid]]", stream = true }, Ct);
        using var chat = await server.Api.OpenAsync("v1/chat/completions", new { model = Vendors.OpenAi, messages = Vendors.User("[[fake tokens=10 hang=mid]]"), stream = true }, Ct);
        await server.TerminateAsync(Ct);

        (await server.WaitForExitAsync(Ct)).ShouldBe(0, server.Output);
        // It has left its run for whoever comes next, who need not wait for a lease to end.
        (await Database.ScalarAsync("SELECT r.status || ' ' || u.lease_until FROM chat.responses r JOIN chat.runs u ON u.response_id = r.id", Ct)).ShouldBe("in_progress -infinity");
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
}
