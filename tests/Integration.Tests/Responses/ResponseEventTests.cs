using System.Text.Json;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>The whole event sequence of the spec, for each kind of content.</summary>
public sealed class ResponseEventTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    public static TheoryData<string> Both => Vendors.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Text_comes_as_a_message_with_one_part(string model)
    {
        const string Question = "[[fake tokens=6 unicode]]";
        var events = await StreamAsync(model, Question);

        Names(events).ShouldBe(
        [
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.output_text.delta",
            "response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed",
        ]);
        var text = FakeText.For(Question);
        Deltas(events, "response.output_text.delta").ShouldBe(text);
        One(events, "response.output_text.done").GetProperty("text").GetString().ShouldBe(text);
        One(events, "response.content_part.done").GetProperty("part").GetProperty("text").GetString().ShouldBe(text);
        var added = One(events, "response.output_item.added").GetProperty("item");
        added.GetProperty("type").GetString().ShouldBe("message");
        added.GetProperty("role").GetString().ShouldBe("assistant");
        StatusOf(added).ShouldBe("in_progress");
        added.GetProperty("content").GetArrayLength().ShouldBe(0);
        StatusOf(One(events, "response.created").GetProperty("response")).ShouldBe("in_progress");
        await ShouldEndAsStoredAsync(events);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Reasoning_comes_as_an_item_of_its_own_before_the_message(string model)
    {
        const string Question = "[[fake reasoning=4 tokens=3]]";
        var events = await Api.StreamAsync("v1/responses", new { model, input = Question, stream = true, reasoning = new { effort = "low" } }, Ct);
        ShouldBeWellFormed(events);

        Names(events).ShouldBe(
        [
            "response.created", "response.in_progress",
            "response.output_item.added", "response.content_part.added", "response.reasoning_text.delta", "response.reasoning_text.done", "response.content_part.done", "response.output_item.done",
            "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done",
            "response.completed",
        ]);
        Deltas(events, "response.reasoning_text.delta").ShouldBe(FakeText.ReasoningFor(Question));
        Deltas(events, "response.output_text.delta").ShouldBe(FakeText.For(Question));
        var output = Final(events).GetProperty("output");
        output.EnumerateArray().Select(item => item.GetProperty("type").GetString()).ShouldBe(["reasoning", "message"]);
        output[0].GetProperty("content")[0].GetProperty("type").GetString().ShouldBe("reasoning_text");
        IdOf(output[0]).ShouldStartWith("rs_");
        await ShouldEndAsStoredAsync(events);
    }

    [Fact]
    public async Task A_refusal_comes_as_a_refusal_part()
    {
        var events = await StreamAsync(Vendors.OpenAi, $"[[fake refusal={Vendors.Value("That is not for me.")}]]");

        Names(events).ShouldBe(
        [
            "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added", "response.refusal.delta",
            "response.refusal.done", "response.content_part.done", "response.output_item.done", "response.completed",
        ]);
        Deltas(events, "response.refusal.delta").ShouldBe("That is not for me.");
        One(events, "response.refusal.done").GetProperty("refusal").GetString().ShouldBe("That is not for me.");
        var part = Final(events).GetProperty("output")[0].GetProperty("content")[0];
        part.GetProperty("type").GetString().ShouldBe("refusal");
        part.GetProperty("refusal").GetString().ShouldBe("That is not for me.");
        await ShouldEndAsStoredAsync(events);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Function_calls_come_whole_after_the_text_before_them(string model)
    {
        var arguments = """{"city":"Reykjavík","days":3}""";
        var tools = new[] { new { type = "function", name = "forecast", parameters = new { type = "object", properties = new { city = new { type = "string" } } } } };
        var events = await Api.StreamAsync(
            "v1/responses", new { model, tools, stream = true, input = $"[[fake preamble=3 tool=forecast tools=2 args={Vendors.Value(arguments)}]]" }, Ct);
        ShouldBeWellFormed(events);

        string[] call = ["response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done"];
        Names(events).ShouldBe(
        [
            "response.created", "response.in_progress",
            "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done",
            .. call, .. call, "response.completed",
        ]);
        var output = Final(events).GetProperty("output").EnumerateArray().ToList();
        output.Select(item => item.GetProperty("type").GetString()).ShouldBe(["message", "function_call", "function_call"]);
        foreach (var item in output.Skip(1))
        {
            item.GetProperty("name").GetString().ShouldBe("forecast");
            JsonDocument.Parse(item.GetProperty("arguments").GetString()!).RootElement.GetProperty("city").GetString().ShouldBe("Reykjavík");
            item.GetProperty("call_id").GetString().ShouldNotBeNullOrEmpty();
            IdOf(item).ShouldStartWith("fc_");
        }

        output.Skip(1).Select(item => item.GetProperty("call_id").GetString()).Distinct().Count().ShouldBe(2);
        await ShouldEndAsStoredAsync(events);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task An_answer_that_reaches_its_limit_is_incomplete(string model)
    {
        var events = await Api.StreamAsync("v1/responses", new { model, input = "[[fake tokens=60]]", max_output_tokens = 16, stream = true }, Ct);
        ShouldBeWellFormed(events);

        events[^1].Event.ShouldBe("response.incomplete");
        var response = Final(events);
        StatusOf(response).ShouldBe("incomplete");
        response.GetProperty("incomplete_details").GetProperty("reason").GetString().ShouldBe("max_output_tokens");
        StatusOf(response.GetProperty("output")[0]).ShouldBe("incomplete");
        response.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBe(16);
        response.GetProperty("max_output_tokens").GetInt32().ShouldBe(16);
        await ShouldEndAsStoredAsync(events);
    }

    [Fact]
    public async Task An_answer_that_the_vendor_filters_is_incomplete()
    {
        var events = await StreamAsync(Vendors.OpenAi, "[[fake tokens=5 filter]]");

        events[^1].Event.ShouldBe("response.incomplete");
        Final(events).GetProperty("incomplete_details").GetProperty("reason").GetString().ShouldBe("content_filter");
    }

    [Fact]
    public async Task Log_probabilities_travel_with_the_text()
    {
        var events = await Api.StreamAsync(
            "v1/responses", new { model = Vendors.OpenAi, input = "[[fake tokens=4]]", top_logprobs = 2, include = new[] { "message.output_text.logprobs" }, stream = true }, Ct);

        var deltas = events.Where(block => block.Event == "response.output_text.delta").ToList();
        deltas.ShouldAllBe(block => block.Json.GetProperty("logprobs").GetArrayLength() == 1);
        Final(events).GetProperty("output")[0].GetProperty("content")[0].GetProperty("logprobs").GetArrayLength().ShouldBe(4);
    }

    private async Task<List<SseBlock>> StreamAsync(string model, string input)
    {
        var events = await Api.StreamAsync("v1/responses", new { model, input, stream = true }, Ct);
        ShouldBeWellFormed(events);
        return events;
    }

    /// <summary>What holds for every stream: names, numbers without a gap, ids and indices that fit.</summary>
    private static void ShouldBeWellFormed(List<SseBlock> events)
    {
        events.ShouldNotContain(block => block.Data == "[DONE]");
        foreach (var block in events) block.Json.GetProperty("type").GetString().ShouldBe(block.Event);
        events.Select(block => block.Json.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        var output = Final(events).GetProperty("output");
        foreach (var json in events.Select(block => block.Json).Where(json => json.TryGetProperty("output_index", out _)))
        {
            var item = IdOf(output[json.GetProperty("output_index").GetInt32()]);
            (json.TryGetProperty("item_id", out var id) ? id.GetString() : IdOf(json.GetProperty("item"))).ShouldBe(item);
        }
    }

    /// <summary>What the last event says is what is stored.</summary>
    private async Task ShouldEndAsStoredAsync(List<SseBlock> events)
    {
        var final = Final(events);
        var stored = await GetAsync($"v1/responses/{IdOf(final)}");
        JsonElement.DeepEquals(final, stored).ShouldBeTrue($"{final}\n{stored}");
    }

    private static JsonElement Final(List<SseBlock> events) => events[^1].Json.GetProperty("response");

    private static JsonElement One(List<SseBlock> events, string name) => events.Single(block => block.Event == name).Json;

    private static string Deltas(List<SseBlock> events, string name) => string.Concat(events.Where(block => block.Event == name).Select(block => block.Json.GetProperty("delta").GetString()));

    /// <summary>The names in order, with runs of the same delta as one.</summary>
    private static List<string> Names(List<SseBlock> events)
    {
        var names = new List<string>();
        foreach (var block in events)
            if (names.Count == 0 || names[^1] != block.Event || !block.Event.EndsWith(".delta", StringComparison.Ordinal)) names.Add(block.Event!);
        return names;
    }
}
