using System.Text.Json;
using AiPlatform.Domain.Common;
using AiPlatform.Integration.Tests.Responses;

namespace AiPlatform.Integration.Tests.Answers;

/// <summary>An answer from documents in the other ways of getting one: over a WebSocket, in the background, taken up again, over several turns.</summary>
public sealed class FileSearchWaysTests(ShelfPlatform platform) : AnswerTest(platform), IClassFixture<ShelfPlatform>
{
    private static readonly string[] Results = ["file_search_call.results"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Over_a_socket_it_is_searched_cited_and_built_on(bool store)
    {
        using var socket = await SocketClient.ConnectAsync(Platform.Address, Platform.ApiKey, Ct);
        var events = await AskAsync(socket, new { type = "response.create", model = Model, input = Searching("guests fee year", "cite=right"), tools = new[] { Tool }, include = Results, store });
        var response = events[^1].GetProperty("response");

        TypesOf(response).ShouldBe(["file_search_call", "message"]);
        response.GetProperty("output")[0].GetProperty("results").GetArrayLength().ShouldBe(1);
        AnnotationsOf(response).Count.ShouldBe(6);
        AnnotationsOf(response).ForEach(ShouldHold);
        events.Where(@event => TypeOf(@event) == "response.output_text.annotation.added").Select(@event => @event.GetProperty("annotation").GetRawText())
            .ShouldBe(AnnotationsOf(response).Select(citation => citation.GetRawText()));
        ShouldBeFreeOfMarkers(string.Concat(events));
        events.Select(@event => @event.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        if (store) (await FollowAsync(IdOf(response))).Select(block => block.Data).ShouldBe(events.Select(@event => @event.GetRawText()));

        var next = await AskAsync(socket, new { type = "response.create", model = Model, input = Searching("Sundays closed", "cite=right"), tools = new[] { Tool }, store, previous_response_id = IdOf(response) });
        AnnotationsOf(next[^1].GetProperty("response")).ShouldAllBe(citation => citation.GetProperty("file_id").GetString() == HoursFile.Id.ToWire());
        Said(VendorCalls[2]).ShouldBe([TextOf(response)]);
    }

    [Fact]
    public async Task In_the_background_it_can_be_asked_for_and_read_from_any_event_while_it_searches_and_when_it_is_there()
    {
        var found = new TaskCompletionSource();
        Shelf.Before = token => found.Task.WaitAsync(token);
        var id = IdOf(await CreateAsync(new { model = Model, input = Searching("guests fee year", "cite=right"), tools = new[] { Tool }, include = Results, background = true }));
        var searching = await SearchingAsync(id);
        (StatusOf(searching), searching.GetProperty("queries")[0].GetString(), searching.GetProperty("results").ValueKind).ShouldBe(("searching", "guests fee year", JsonValueKind.Null));
        await using var live = await FollowLiveAsync(id, "&starting_after=2");
        await live.ReadUntilAsync("response.file_search_call.searching");
        found.SetResult();

        var done = await WaitForStatusAsync(id, "completed");
        done.GetProperty("output")[0].GetProperty("results")[0].GetProperty("text").GetString().ShouldBe(FeesFile.Passages[1].Text);
        AnnotationsOf(done).Count.ShouldBe(6);
        AnnotationsOf(done).ForEach(ShouldHold);
        var all = await FollowAsync(id);
        (await live.ReadToEndAsync()).ShouldBe(all[3..]);
        for (var after = 0; after < all.Count; after += 5) (await FollowAsync(id, $"&starting_after={after}")).ShouldBe(all[(after + 1)..]);
    }

    [Fact]
    public async Task A_search_can_be_cancelled_in_its_middle()
    {
        var ended = new TaskCompletionSource();
        Shelf.Before = async token =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                ended.SetResult();
            }
        };
        var id = IdOf(await CreateAsync(new { model = Model, input = Searching("guests fee year"), tools = new[] { Tool }, background = true }));
        await SearchingAsync(id);
        var cancelled = (await Api.PostAsync($"v1/responses/{id}/cancel", null, Ct)).Ok;

        await ended.Task.WaitAsync(Ct);
        (StatusOf(cancelled), StatusOf(cancelled.GetProperty("output")[0])).ShouldBe(("cancelled", "incomplete"));
        (await FollowAsync(id)).Select(block => block.Event).TakeLast(2).ShouldBe(["response.output_item.done", "response.incomplete"]);
        VendorCalls.Count.ShouldBe(1);

        Shelf.Before = _ => Task.CompletedTask;
        var next = await CreateAsync(new { model = Model, input = Searching("guests fee year", "cite=right"), tools = new[] { Tool }, previous_response_id = id });
        AnnotationsOf(next).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_is_cancelled_keeps_its_words_and_citations_so_far()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Do($"tool=file_search args={Vendors.Value("""{"queries":["guests fee"]}""")}"));
        Vendor.Enqueue(FakeScript.Say("It is 12 euros 【1†Guests pay 12 euros】 a year 【1†euros a year】.") with { Gate = gate });
        var id = IdOf(await CreateAsync(new { model = Model, input = "The fee?", tools = new[] { Tool }, background = true }));
        // Up to the middle of the second marker.
        gate.Release(11);
        await EventuallyAsync(async () => (await GetAsync($"v1/responses/{id}")) is var now && now.GetProperty("output").GetArrayLength() == 2 && TextOf(now).EndsWith("year", StringComparison.Ordinal) ? id : null);
        var cancelled = (await Api.PostAsync($"v1/responses/{id}/cancel", null, Ct)).Ok;

        (StatusOf(cancelled), TextOf(cancelled)).ShouldBe(("cancelled", "It is 12 euros a year"));
        AnnotationsOf(cancelled).ShouldHaveSingleItem().GetProperty("quote").GetString().ShouldBe("Guests pay 12 euros");
        ShouldBeFreeOfMarkers(string.Concat((await FollowAsync(id)).Select(block => block.Data)));
        JsonElement.DeepEquals(await GetAsync($"v1/responses/{id}"), cancelled).ShouldBeTrue();
    }

    [Fact]
    public async Task Wherever_a_connection_is_cut_the_events_go_on_as_if_it_had_not_been()
    {
        await using var run = await FollowLiveAsync(IdOf(await CreateAsync(new { model = Model, input = Searching("guests fee year", "cite=right delay=10"), tools = new[] { Tool }, background = true })));
        await run.ReadUntilAsync("response.file_search_call.searching");
        var readers = Enumerable.Range(0, 40).Select(async cut =>
        {
            List<SseBlock> events;
            await using (var connection = await FollowLiveAsync(run.Id)) events = await connection.ReadAsync(cut + 1);
            events.AddRange(await FollowAsync(run.Id, $"&starting_after={cut}"));
            return events;
        }).ToList();

        var all = await run.ReadToEndAsync();
        all.Count(block => block.Event == "response.output_text.annotation.added").ShouldBe(6);
        all.Count.ShouldBeGreaterThan(40);
        foreach (var events in await Task.WhenAll(readers)) events.ShouldBe(all);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Turns_are_kept_in_order_and_the_next_one_reads_words_without_passages(bool inConversation)
    {
        var conversation = inConversation ? await ConversationAsync() : null;
        var first = await CreateAsync(new { model = Model, conversation, input = Searching("guests fee year", "cite=right preamble=3"), tools = new[] { Tool }, include = Results });
        TypesOf(first).ShouldBe(["message", "file_search_call", "message"]);
        var second = await CreateAsync(new
        {
            model = Model, conversation, previous_response_id = inConversation ? null : IdOf(first), input = Searching("Sundays closed", "cite=right"), tools = first.GetProperty("tools"),
        });

        AnnotationsOf(second).ShouldAllBe(citation => citation.GetProperty("file_id").GetString() == HoursFile.Id.ToWire());
        var answers = first.GetProperty("output").EnumerateArray().Where(item => item.GetProperty("type").GetString() == "message").Select(TextOf);
        Said(VendorCalls[2]).ShouldBe([string.Join("\n\n", answers)], "some models take one answer to a question only");
        VendorCalls[2].Body.GetProperty("messages").GetRawText().ShouldNotContain(FeesFile.Passages[1].Text);
        if (!inConversation) return;

        var items = await ItemsAsync(conversation!);
        items.Where(item => item.GetProperty("type").GetString() != "message" || item.GetProperty("role").GetString() != "user").Select(IdOf)
            .ShouldBe(first.GetProperty("output").EnumerateArray().Concat(second.GetProperty("output").EnumerateArray()).Select(IdOf));
        foreach (var item in items) JsonElement.DeepEquals(await GetAsync($"v1/conversations/{conversation}/items/{IdOf(item)}"), item).ShouldBeTrue();
    }

    [Fact]
    public async Task A_model_that_has_called_a_function_searches_when_it_has_the_result()
    {
        var function = new { type = "function", name = "member_of", parameters = new { type = "object" } };
        Vendor.Enqueue(FakeScript.Do("tool=member_of"));
        var asked = await CreateAsync(new { model = Model, input = "What do I pay?", tools = new object[] { Tool, function } });
        Vendor.Enqueue(FakeScript.Do($"rounds=2 tool=file_search args={Vendors.Value("""{"queries":["guests fee"]}""")}"));
        Vendor.Enqueue(FakeScript.Do("cite=right"));
        var output = new { type = "function_call_output", call_id = asked.GetProperty("output")[0].GetProperty("call_id").GetString(), output = "a guest" };
        var answer = await CreateAsync(new { model = Model, input = new[] { output }, previous_response_id = IdOf(asked), tools = new object[] { Tool, function } });

        TypesOf(answer).ShouldBe(["file_search_call", "message"]);
        AnnotationsOf(answer).ForEach(ShouldHold);
    }

    private async Task<JsonElement> SearchingAsync(string id)
    {
        var found = await EventuallyAsync(async () => (await GetAsync($"v1/responses/{id}")).GetProperty("output") is var output && output.GetArrayLength() > 0 && StatusOf(output[0]) == "searching" ? output.GetRawText() : null);
        return JsonElement.Parse(found)[0];
    }

    private async Task<List<JsonElement>> AskAsync(SocketClient socket, object body)
    {
        await socket.SendAsync(body, Ct);
        var events = new List<JsonElement>();
        do events.Add(await socket.ReadAsync(Ct));
        while (TypeOf(events[^1]) is not ("response.completed" or "response.failed" or "error"));
        return events;
    }

    private static List<string> Said(RecordedRequest call) => [.. MessagesOf(call).Where(message => message.Role == "assistant").Select(message => message.Text)];

    private static string TypeOf(JsonElement @event) => @event.GetProperty("type").GetString()!;
}
