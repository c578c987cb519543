using System.Text.Json;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Real processes, really killed: what was stored is there, and what was in progress ends.</summary>
public sealed class CrashTests : ProcessTest
{
    private const string Key = "sk-crash-0123456789abcdef0123456789";
    private const string Model = Vendors.OpenAi;

    [Fact]
    public async Task After_a_kill_and_a_restart_everything_stored_is_there_and_what_ran_is_failed()
    {
        Dictionary<string, JsonElement> before;
        string running, conversation;
        await using (var first = await StartAsync())
        {
            before = await WriteAsync(first.Api);
            conversation = (await first.Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString()!;
            using var response = await first.Api.OpenAsync("v1/responses", new { model = Model, input = "[[fake tokens=50 hang=mid]]", stream = true, conversation }, Ct);
            await using var events = Sse.ReadAsync(response, Ct).GetAsyncEnumerator(Ct);
            running = await ReadUntilTextAsync(events);
            await first.KillAsync(Ct);
            // Whoever was listening sees the line break: never an end that was none.
            await Should.ThrowAsync<Exception>(async () =>
            {
                while (await events.MoveNextAsync()) events.Current.Event.ShouldNotBe("response.completed");
            });
        }

        await using var second = await StartAsync();
        foreach (var (path, was) in before)
        {
            var now = (await second.Api.GetAsync(path, Ct)).Ok;
            JsonElement.DeepEquals(now, was).ShouldBeTrue($"{path}\n{was}\n{now}");
        }

        var failed = await WaitForEndAsync(second.Api, running);
        failed.GetProperty("status").GetString().ShouldBe("failed");
        failed.GetProperty("error").GetProperty("code").GetString().ShouldBe("server_error");
        failed.GetProperty("output").GetArrayLength().ShouldBe(0);

        // Its conversation has its input, and is free again.
        (await second.Api.GetAsync($"v1/conversations/{conversation}/items", Ct)).Ok.GetProperty("data").GetArrayLength().ShouldBe(1);
        (await second.Api.PostAsync("v1/responses", new { model = Model, input = "Next", conversation }, Ct)).Ok.GetProperty("status").GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task Of_two_processes_the_one_that_lives_ends_what_the_other_left()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        using var response = await one.Api.OpenAsync("v1/responses", new { model = Model, input = "[[fake tokens=50 hang=mid]]", stream = true }, Ct);
        await using var events = Sse.ReadAsync(response, Ct).GetAsyncEnumerator(Ct);
        var running = await ReadUntilTextAsync(events);

        // As long as its owner lives, it is left alone, however many leases it takes.
        for (var i = 0; i < 8; i++)
        {
            (await two.Api.GetAsync($"v1/responses/{running}", Ct)).Ok.GetProperty("status").GetString().ShouldBe("in_progress");
            await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        }

        await one.KillAsync(Ct);
        (await WaitForEndAsync(two.Api, running)).GetProperty("status").GetString().ShouldBe("failed");
    }

    [Fact]
    public async Task A_response_is_cancelled_from_another_process()
    {
        await using var one = await StartAsync();
        await using var two = await StartAsync();
        using var response = await one.Api.OpenAsync("v1/responses", new { model = Model, input = "[[fake tokens=50 hang=mid]]", stream = true }, Ct);
        await using var events = Sse.ReadAsync(response, Ct).GetAsyncEnumerator(Ct);
        var running = await ReadUntilTextAsync(events);

        (await two.Api.PostAsync($"v1/responses/{running}/cancel", null, Ct)).Ok.GetProperty("status").GetString().ShouldBe("cancelled");
        await Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome == RequestOutcome.ClientAborted, Ct);
        SseBlock? last = null;
        while (await events.MoveNextAsync()) last = events.Current;
        last!.Event.ShouldBe("response.incomplete");
        last.Json.GetProperty("response").GetProperty("status").GetString().ShouldBe("cancelled");
        foreach (var process in new[] { one, two })
            (await process.Api.GetAsync($"v1/responses/{running}", Ct)).Ok.GetProperty("status").GetString().ShouldBe("cancelled");
    }

    private Task<ApiProcess> StartAsync() => ApiProcess.StartAsync(Database, Vendor, Key, Ct);

    /// <summary>Makes one of everything, and returns what each address shows.</summary>
    private async Task<Dictionary<string, JsonElement>> WriteAsync(ApiClient api)
    {
        var conversation = (await api.PostAsync("v1/conversations", new { metadata = new { k = "v" } }, Ct)).Ok.GetProperty("id").GetString();
        var inside = (await api.PostAsync("v1/responses", new { model = Model, input = "[[fake tokens=30 unicode]]", conversation }, Ct)).Ok.GetProperty("id").GetString();
        var root = (await api.PostAsync("v1/responses", new { model = Model, input = "Root" }, Ct)).Ok.GetProperty("id").GetString();
        var next = (await api.PostAsync("v1/responses", new { model = Model, input = "Next", previous_response_id = root }, Ct)).Ok.GetProperty("id").GetString();
        var shown = new Dictionary<string, JsonElement>();
        foreach (var path in new[]
        {
            $"v1/conversations/{conversation}", $"v1/conversations/{conversation}/items", $"v1/responses/{inside}", $"v1/responses/{root}", $"v1/responses/{next}",
            $"v1/responses/{next}/input_items",
        }) shown[path] = (await api.GetAsync(path, Ct)).Ok;
        return shown;
    }

    /// <summary>Reads a stream up to its first text, and returns the response's id.</summary>
    private static async Task<string> ReadUntilTextAsync(IAsyncEnumerator<SseBlock> events)
    {
        string? id = null;
        while (await events.MoveNextAsync())
        {
            if (events.Current.Event == "response.created") id = events.Current.Json.GetProperty("response").GetProperty("id").GetString();
            if (events.Current.Event == "response.output_text.delta") return id!;
        }

        throw new InvalidDataException("The stream ended without text.");
    }

    private async Task<JsonElement> WaitForEndAsync(ApiClient api, string id)
    {
        while (true)
        {
            var response = (await api.GetAsync($"v1/responses/{id}", Ct)).Ok;
            if (response.GetProperty("status").GetString() != "in_progress") return response;
            await Task.Delay(100, Ct);
        }
    }
}
