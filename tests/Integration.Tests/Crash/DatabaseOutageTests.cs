using Npgsql;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>The database goes away and comes back.</summary>
public sealed class DatabaseOutageTests(DatabaseOutageTests.BehindRelay platform) : PlatformTest(platform), IClassFixture<DatabaseOutageTests.BehindRelay>
{
    private TcpRelay Relay { get; } = platform.Relay;

    [Fact]
    public async Task While_it_is_away_requests_say_so_and_afterwards_all_is_well()
    {
        await Relay.CutAsync();
        try
        {
            foreach (var path in new[] { "v1/models", "v1/responses/resp_0123456789abcdef0123456789abcdef" })
            {
                var reply = await Api.GetAsync(path, Ct);
                reply.Status.ShouldBe(503, reply.Text);
                reply.Code.ShouldBe("database_unavailable");
                reply.Header("Retry-After").ShouldNotBeNull();
            }

            (await Api.GetAsync("health/live", Ct)).Status.ShouldBe(200);
            var ready = await Api.GetAsync("health/ready", Ct);
            ready.Status.ShouldBe(503, ready.Text);
            ready.Json.GetProperty("checks").GetProperty("database").GetProperty("status").GetString().ShouldBe("unhealthy");
        }
        finally
        {
            Relay.Restore();
        }

        await EventuallyAsync(async () => await Api.GetAsync("v1/models", Ct) is { Status: 200 } reply ? reply : null);
        await EventuallyAsync(async () => await Api.GetAsync("health/ready", Ct) is { Status: 200 } reply ? reply : null);
    }

    [Fact]
    public async Task Of_a_response_that_runs_meanwhile_nothing_is_shown_before_it_is_stored_and_then_all_of_it()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        using var response = await Api.OpenAsync("v1/responses", new { model = Vendors.OpenAi, input = "Hi", stream = true }, Ct);
        var (names, id) = (new List<string?>(), "");
        await using var events = Sse.ReadAsync(response, Ct).GetAsyncEnumerator(Ct);
        while (await events.MoveNextAsync() && events.Current.Event != "response.in_progress") id = events.Current.Json.GetProperty("response").GetProperty("id").GetString()!;

        Task<bool> next;
        await Relay.CutAsync();
        try
        {
            gate.Open();
            next = events.MoveNextAsync().AsTask();
            // It is tried, and tried again: event by event, or all at its end where that comes first.
            await EventuallyAsync(() => Platform.Log.Entries.FirstOrDefault(IsAboutWaiting));
            next.IsCompleted.ShouldBeFalse();
        }
        finally
        {
            Relay.Restore();
        }

        for (var has = await next; has; has = await events.MoveNextAsync()) names.Add(events.Current.Event);
        names.Count(name => name is "response.completed" or "response.failed" or "response.incomplete" or "error").ShouldBe(1);
        names[^1].ShouldBe("response.completed");
        var stored = await EventuallyAsync(async () => await Api.GetAsync($"v1/responses/{id}", Ct) is { Status: 200 } reply ? reply : null);
        stored.Json.GetProperty("status").GetString().ShouldBe("completed");
        stored.Text.ShouldContain("one two three");
    }

    private static bool IsAboutWaiting(LogEntry entry) =>
        entry.Message.Contains("could not be written yet", StringComparison.Ordinal) || entry.Message.Contains("could not be stored yet", StringComparison.Ordinal);

    public sealed class BehindRelay : Platform, IAsyncLifetime
    {
        public TcpRelay Relay { get; private set; } = null!;

        async Task IAsyncLifetime.DisposeAsync()
        {
            await DisposeAsync();
            await Relay.DisposeAsync();
        }

        protected override void Configure(IDictionary<string, string?> settings)
        {
            var server = new NpgsqlConnectionStringBuilder(settings["ConnectionStrings:Postgres"]);
            Relay = new TcpRelay(server.Host!, server.Port);
            (server.Host, server.Port) = ("127.0.0.1", Relay.Port);
            settings["ConnectionStrings:Postgres"] = server.ConnectionString;
        }
    }
}
