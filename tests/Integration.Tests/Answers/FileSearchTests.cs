using System.Text.Json;

namespace AiPlatform.Integration.Tests.Answers;

/// <summary>The tool <c>file_search</c> of responses: searches, citations, and that they are the same wherever one looks.</summary>
public sealed class FileSearchTests(ShelfPlatform platform) : AnswerTest(platform), IClassFixture<ShelfPlatform>
{
    [Fact]
    public async Task The_offline_model_quotes_with_citations()
    {
        var response = await CreateAsync(Ask("What do guests pay a year?", "offline"));

        TypesOf(response).ShouldBe(["file_search_call", "message"]);
        TextOf(response).ShouldContain("Guests pay 12 euros a year.");
        ShouldBeFreeOfMarkers(TextOf(response));
        var citation = AnnotationsOf(response)[0];
        ShouldHold(citation);
        citation.GetProperty("type").GetString().ShouldBe("file_citation");
        citation.GetProperty("quote").GetString().ShouldBe("Guests pay 12 euros a year.");
        citation.GetProperty("page").GetInt32().ShouldBe(2);
        TextOf(response)[..citation.GetProperty("index").GetInt32()].ShouldEndWith("Guests pay 12 euros a year.");
    }

    [Fact]
    public async Task The_offline_model_says_so_where_the_documents_do_not_hold_the_answer()
    {
        var response = await CreateAsync(Ask("Who discovered penicillin?", "offline"));

        TextOf(response).ShouldContain("do not seem to hold the answer");
        AnnotationsOf(response).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_model_searches_reads_and_cites()
    {
        var events = await Api.StreamAsync("v1/responses", Ask(Searching("guests fee year", "cite=right seed=3"), stream: true), Ct);

        var names = events.Select(block => block.Event!).ToList();
        names.ShouldContain("response.output_text.annotation.added");
        names[..7].ShouldBe([
            "response.created", "response.in_progress", "response.output_item.added", "response.file_search_call.in_progress", "response.file_search_call.searching",
            "response.file_search_call.completed", "response.output_item.done",
        ]);
        events.Select(block => block.Json.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        names[^1].ShouldBe("response.completed");
        var response = events[^1].Json.GetProperty("response");
        var search = response.GetProperty("output")[0];
        (search.GetProperty("status").GetString(), search.GetProperty("queries")[0].GetString()).ShouldBe(("completed", "guests fee year"));
        search.GetProperty("results").ValueKind.ShouldBe(JsonValueKind.Null);
        search.GetProperty("id").GetString()!.ShouldStartWith("fs_");

        var annotations = AnnotationsOf(response);
        annotations.Count.ShouldBeGreaterThan(3);
        annotations.ForEach(ShouldHold);
        ShouldBeFreeOfMarkers(string.Concat(events.Select(block => block.Data)));
        annotations.ForEach(citation => TextOf(response)[..citation.GetProperty("index").GetInt32()].ShouldMatch("Statement \\d$"));
        VendorCalls.Count.ShouldBe(2);
        ShouldMatchSpec(events);
    }

    [Fact]
    public async Task Citations_are_the_same_live_in_the_object_the_items_and_the_replay()
    {
        var events = await Api.StreamAsync("v1/responses", Ask(Searching("guests fee year", "cite=right"), stream: true), Ct);
        var response = events[^1].Json.GetProperty("response");
        var live = events.Where(block => block.Event == "response.output_text.annotation.added").Select(block => block.Json.GetProperty("annotation").GetRawText()).ToList();

        AnnotationsOf(response).Select(citation => citation.GetRawText()).ShouldBe(live);
        AnnotationsOf(await GetAsync($"v1/responses/{IdOf(response)}")).Select(Compact).ShouldBe(live.Select(Compact));
        (await FollowAsync(IdOf(response))).Select(block => block.Data).ShouldBe(events.Select(block => block.Data));
        var done = events.Single(block => block.Event == "response.content_part.done").Json.GetProperty("part");
        done.GetProperty("annotations").EnumerateArray().Select(citation => citation.GetRawText()).ShouldBe(live);
        var added = events.Where(block => block.Event == "response.output_text.annotation.added").Select(block => block.Json.GetProperty("annotation_index").GetInt32());
        added.ShouldBe(Enumerable.Range(0, live.Count));
    }

    [Fact]
    public async Task Results_are_shown_to_whom_asks_for_them()
    {
        var response = await CreateAsync(new { model = Model, input = Searching("guests fee year"), tools = new[] { Tool }, include = new[] { "file_search_call.results" } });

        var results = response.GetProperty("output")[0].GetProperty("results");
        results.GetArrayLength().ShouldBeGreaterThan(0);
        var first = results[0];
        first.GetProperty("file_id").GetString().ShouldBe(FeesFile.Id.ToWire());
        first.GetProperty("filename").GetString().ShouldBe("fees.txt");
        first.GetProperty("text").GetString().ShouldBe(FeesFile.Passages[1].Text);
        first.GetProperty("score").GetDouble().ShouldBeInRange(0, 1);
        first.GetProperty("attributes").GetProperty("kind").GetString().ShouldBe("test");
        (await GetAsync($"v1/responses/{IdOf(response)}")).GetProperty("output")[0].GetProperty("results").GetArrayLength().ShouldBe(results.GetArrayLength());

        var again = await CreateAsync(new { model = Model, input = response.GetProperty("output").EnumerateArray().Append(JsonElement.Parse("""{"role":"user","content":"Thanks"}""")).ToArray() });
        var items = await GetAsync($"v1/responses/{IdOf(again)}/input_items?order=asc");
        items.GetProperty("data")[0].GetProperty("results").GetArrayLength().ShouldBe(results.GetArrayLength());
    }

    [Fact]
    public async Task Several_searches_go_on_with_the_numbering()
    {
        Vendor.Enqueue(FakeScript.Do($"tool=file_search args={Vendors.Value("""{"queries":["guests fee"]}""")}"));
        Vendor.Enqueue(FakeScript.Do($"tool=file_search rounds=2 args={Vendors.Value("""{"queries":["Sundays closed library"]}""")}"));
        Vendor.Enqueue(FakeScript.Do("cite=right seed=1"));
        var response = await CreateAsync(Ask("Fees and hours?"));

        TypesOf(response).ShouldBe(["file_search_call", "file_search_call", "message"]);
        AnnotationsOf(response).ForEach(ShouldHold);
        AnnotationsOf(response).Select(citation => citation.GetProperty("file_index").GetInt32()).Distinct().Order().ShouldBe([0, 1]);
        response.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_model_that_searches_without_end_is_made_to_answer()
    {
        var response = await CreateAsync(Ask(Searching("guests fee", "rounds=100 cite=right")));

        TypesOf(response).Count(type => type == "file_search_call").ShouldBe(8);
        TypesOf(response)[^1].ShouldBe("message");
        StatusOf(response).ShouldBe("completed");
    }

    [Fact]
    public async Task A_model_whose_vendor_takes_no_tools_gets_the_passages_with_the_question()
    {
        Vendor.Enqueue(FakeScript.Do("status=400 code=does%20not%20support%20tools") with { When = request => request.Body.TryGetProperty("tools", out _) });
        var response = await CreateAsync(Ask("What do guests pay? [[fake cite=right]]", "toolless"));

        TypesOf(response).ShouldBe(["file_search_call", "message"]);
        AnnotationsOf(response).ShouldNotBeEmpty();
        VendorCalls.Count.ShouldBe(2);
        VendorCalls[1].Body.TryGetProperty("tools", out _).ShouldBeFalse();

        await CreateAsync(Ask("What do guests pay? [[fake cite=right]]", "toolless"));
        VendorCalls.Count.ShouldBe(3, "it is not asked again");
    }

    [Fact]
    public async Task A_forced_search_is_the_models_first_word()
    {
        await CreateAsync(new { model = Model, input = "Hello", tools = new[] { Tool }, tool_choice = new { type = "file_search" } });

        VendorCalls[0].Body.GetProperty("tool_choice").GetProperty("function").GetProperty("name").GetString().ShouldBe("file_search");
        VendorCalls[1].Body.TryGetProperty("tool_choice", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task None_is_none()
    {
        var response = await CreateAsync(new { model = "offline", input = "What do guests pay?", tools = new[] { Tool }, tool_choice = "none" });

        TypesOf(response).ShouldBe(["message"]);
        Shelf.Queries.ShouldBeEmpty();
    }

    private static string Compact(JsonElement json) => JsonSerializer.Serialize(json);

    private static string Compact(string json) => Compact(JsonElement.Parse(json));

    private static void ShouldMatchSpec(List<SseBlock> events)
    {
        foreach (var block in events) block.Json.GetProperty("type").GetString().ShouldBe(block.Event);
    }
}
