using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>Events that the database will not take: the run they belong to fails, and no other notices.</summary>
public sealed class RefusedEventsTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    private const string Trigger = """
        CREATE OR REPLACE FUNCTION chat.refuse_poison() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF position('POISON'::bytea IN NEW.payload) > 0 THEN RAISE EXCEPTION 'Poison is not for me.' USING ERRCODE = '22000'; END IF;
            RETURN NEW;
        END $$;
        CREATE OR REPLACE TRIGGER refuse_poison BEFORE INSERT ON chat.run_events FOR EACH ROW EXECUTE FUNCTION chat.refuse_poison()
        """;

    // Slowly, so that it does not come with the end.
    private static FakeScript Poison => FakeScript.Say("one POISON three four five six", "delay=300");

    [Fact]
    public async Task Only_the_run_they_belong_to_fails_with_what_it_had()
    {
        await Platform.Database.ScalarAsync(Trigger, Ct);
        using var gate = new FakeGate();
        Vendor.Enqueue(Poison);
        using var answer = await Api.OpenAsync("v1/responses", new { model = Model, input = "Hi", stream = true }, Ct);
        await using var poisoned = new RunningResponse(answer, Sse.ReadAsync(answer, Ct).GetAsyncEnumerator(Ct));
        await poisoned.ReadUntilAsync("response.output_text.delta");
        await using var other = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });
        gate.Open();

        (await other.ReadToEndAsync())[^1].Event.ShouldBe("response.completed");
        var events = await poisoned.ReadToEndAsync();
        events[^1].Event.ShouldBe("response.failed");
        events.Select(block => block.Json.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        string.Concat(events.Where(block => block.Event == "response.output_text.delta").Select(block => block.Json.GetProperty("delta").GetString())).ShouldBe("one");
        events[^1].Data!.ShouldNotContain("POISON");
        var stored = await GetAsync($"v1/responses/{poisoned.Id}");
        (StatusOf(stored), stored.GetProperty("error").GetProperty("code").GetString()).ShouldBe(("failed", "server_error"));
        await Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome is not RequestOutcome.Running, Ct);
        Platform.Log.Entries.ShouldContain(entry => entry.Level == LogLevel.Error && entry.Message.Contains("cannot be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_waits_for_the_whole_response_gets_a_status()
    {
        await Platform.Database.ScalarAsync(Trigger, Ct);
        Vendor.Enqueue(Poison);
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Hi" }, Ct);

        reply.Status.ShouldBe(500);
        reply.Text.ShouldNotContain("POISON", Case.Sensitive);
    }
}
