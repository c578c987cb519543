using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Streams;

/// <summary>A client that leaves: what nobody can ever read is stopped, what is stored goes on.</summary>
public sealed class HangUpTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    public static TheoryData<string> Both => Vendors.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Leaving_a_streamed_chat_completion_stops_the_model(string model)
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        using (var response = await Api.OpenAsync("v1/chat/completions", new { model, messages = Vendors.User("Hi"), stream = true }, ReleaseFirst(gate)))
            await FirstBlockAsync(response);

        await ShouldHaveStoppedAsync("cancelled");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Leaving_before_the_first_token_stops_the_model_too(string model)
    {
        await LeaveAsync("v1/chat/completions", new { model, messages = Vendors.User("[[fake hang=headers]]"), stream = true });
        await ShouldHaveStoppedAsync("cancelled");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Leaving_a_whole_chat_completion_stops_the_model(string model)
    {
        await LeaveAsync("v1/chat/completions", new { model, messages = Vendors.User("[[fake hang=headers]]") });
        await ShouldHaveStoppedAsync("cancelled");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leaving_a_response_that_is_not_stored_stops_the_model(bool stream)
    {
        await LeaveAsync("v1/responses", new { model = Vendors.OpenAi, input = "[[fake hang=headers]]", stream, store = false });
        await ShouldHaveStoppedAsync("cancelled");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leaving_a_stored_response_changes_nothing_for_it(bool stream)
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        var conversation = (await Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString()!;
        await LeaveAsync("v1/responses", new { model = Vendors.OpenAi, input = "Hi", stream, conversation });
        // The server has noticed that the reader left.
        await EventuallyAsync(() => Platform.Log.Requests.FirstOrDefault(entry => entry["Route"] is "v1/responses" && entry["Status"] is 499));
        gate.Open();

        var items = await EventuallyAsync(async () =>
        {
            var page = (await Api.GetAsync($"v1/conversations/{conversation}/items?order=asc", Ct)).Ok.GetProperty("data");
            return page.GetArrayLength() == 2 ? page.EnumerateArray().ToArray() : null;
        });
        items[1].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("one two three");
        items[1].GetProperty("status").GetString().ShouldBe("completed");
        VendorCalls.ShouldHaveSingleItem().Outcome.ShouldBe(RequestOutcome.Completed);
        ShouldNotHaveLogged(LogLevel.Error);
    }

    private CancellationToken ReleaseFirst(FakeGate gate)
    {
        gate.Release();
        return Ct;
    }

    private async Task FirstBlockAsync(HttpResponseMessage response)
    {
        await foreach (var block in Sse.ReadAsync(response, Ct))
            if (block.Data is not null) return;
    }

    /// <summary>Hangs up once the vendor has the request.</summary>
    private async Task LeaveAsync(string path, object body)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asking = Api.StreamAsync(path, body, leave.Token);
        await Vendor.WaitForAsync(request => request.Method == "POST", Ct);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asking);
    }

    private async Task ShouldHaveStoppedAsync(string outcome)
    {
        await Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome == RequestOutcome.ClientAborted, Ct);
        var call = await EventuallyAsync(() => Platform.Log.ModelCalls.FirstOrDefault());
        call["Outcome"].ShouldBe(outcome);
        var request = await EventuallyAsync(() => Platform.Log.Requests.FirstOrDefault());
        request["Status"].ShouldBe(499);
        // A reader who leaves is no failure of anybody.
        ShouldNotHaveLogged(LogLevel.Warning);
    }
}
