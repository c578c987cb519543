using System.Text.Json;
using OpenAI.Chat;

namespace AiPlatform.Integration.Tests.Chat;

public sealed class ChatCompletionTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    public static TheoryData<string> Both => Vendors.Both;

    private ChatClient Chat(string model) => Platform.Sdk().GetChatClient(model);

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_question_is_answered_in_one_piece(string model)
    {
        ChatCompletion answer = await Chat(model).CompleteChatAsync([new SystemChatMessage("Be brief."), new UserChatMessage("Hello there")], cancellationToken: Ct);

        answer.Content[0].Text.ShouldBe(FakeText.For("Hello there"));
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
        answer.Role.ShouldBe(ChatMessageRole.Assistant);
        answer.Model.ShouldBe(model);
        answer.Usage.InputTokenCount.ShouldBeGreaterThan(0);
        answer.Usage.TotalTokenCount.ShouldBe(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_question_is_answered_as_a_stream(string model)
    {
        const string Question = "[[fake tokens=60 unicode seed=5]]";
        var (text, pieces, finish, usage) = ("", 0, default(ChatFinishReason?), default(ChatTokenUsage));
        await foreach (var update in Chat(model).CompleteChatStreamingAsync([new UserChatMessage(Question)], cancellationToken: Ct))
        {
            foreach (var part in update.ContentUpdate) (text, pieces) = (text + part.Text, pieces + 1);
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        text.ShouldBe(FakeText.For(Question));
        pieces.ShouldBeGreaterThan(10);
        finish.ShouldBe(ChatFinishReason.Stop);
        // The SDK asks for usage.
        usage.ShouldNotBeNull().OutputTokenCount.ShouldBe(60);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_stream_tells_usage_only_when_asked_and_ends_with_one_done(string model)
    {
        var messages = Vendors.User("[[fake tokens=5]]");
        var without = await Api.StreamAsync("v1/chat/completions", new { model, messages, stream = true }, Ct);
        var with = await Api.StreamAsync("v1/chat/completions", new { model, messages, stream = true, stream_options = new { include_usage = true } }, Ct);

        foreach (var events in new[] { without, with })
        {
            events.Count(block => block.Data == "[DONE]").ShouldBe(1);
            events[^1].Data.ShouldBe("[DONE]");
            events.ShouldAllBe(block => block.Event == null);
        }

        UsageOf(without).ShouldBeEmpty();
        var usage = UsageOf(with).ShouldHaveSingleItem();
        usage.GetProperty("choices").GetArrayLength().ShouldBe(0);
        usage.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(5);
        with[^2].Json.GetProperty("usage").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_tool_is_called_and_its_result_is_used(string model)
    {
        var options = new ChatCompletionOptions { Tools = { WeatherTool } };
        var question = new UserChatMessage($"What is the weather? [[fake tool=get_weather args={Vendors.Value("""{"city":"Oslo"}""")}]]");
        ChatCompletion first = await Chat(model).CompleteChatAsync([question], options, Ct);

        first.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        var call = first.ToolCalls.ShouldHaveSingleItem();
        call.FunctionName.ShouldBe("get_weather");
        JsonDocument.Parse(call.FunctionArguments).RootElement.GetProperty("city").GetString().ShouldBe("Oslo");

        ChatCompletion second = await Chat(model).CompleteChatAsync([question, new AssistantChatMessage(first), new ToolChatMessage(call.Id, "Sunny, 21 degrees")], options, Ct);
        second.FinishReason.ShouldBe(ChatFinishReason.Stop);
        second.Content[0].Text.ShouldContain("Sunny, 21 degrees");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task Parallel_tool_calls_are_streamed_with_their_arguments_in_fragments(string model)
    {
        var question = $"[[fake tool=get_weather tools=2 args={Vendors.Value("""{"city":"Reykjavík","unit":"celsius"}""")}]]";
        var (arguments, ids, names) = (new Dictionary<int, string>(), new Dictionary<int, string>(), new Dictionary<int, string>());
        ChatFinishReason? finish = null;
        await foreach (var update in Chat(model).CompleteChatStreamingAsync([new UserChatMessage(question)], new ChatCompletionOptions { Tools = { WeatherTool } }, Ct))
        {
            finish = update.FinishReason ?? finish;
            foreach (var call in update.ToolCallUpdates)
            {
                if (!string.IsNullOrEmpty(call.ToolCallId)) ids[call.Index] = call.ToolCallId;
                if (!string.IsNullOrEmpty(call.FunctionName)) names[call.Index] = call.FunctionName;
                arguments[call.Index] = arguments.GetValueOrDefault(call.Index) + call.FunctionArgumentsUpdate;
            }
        }

        finish.ShouldBe(ChatFinishReason.ToolCalls);
        ids.Values.Distinct().Count().ShouldBe(2);
        names.Values.ShouldBe(["get_weather", "get_weather"]);
        arguments.Count.ShouldBe(2);
        foreach (var json in arguments.Values) JsonDocument.Parse(json).RootElement.GetProperty("city").GetString().ShouldBe("Reykjavík");
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_stop_sequence_ends_the_answer(string model)
    {
        Vendor.Enqueue(FakeScript.Say("one two three four"));

        ChatCompletion answer = await Chat(model).CompleteChatAsync([new UserChatMessage("Count")], new ChatCompletionOptions { StopSequences = { "three" } }, Ct);

        answer.Content[0].Text.ShouldBe("one two ");
        answer.FinishReason.ShouldBe(ChatFinishReason.Stop);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task The_limit_of_output_tokens_cuts_the_answer(string model)
    {
        ChatCompletion answer = await Chat(model).CompleteChatAsync([new UserChatMessage("[[fake tokens=50]]")], new ChatCompletionOptions { MaxOutputTokenCount = 10 }, Ct);

        answer.FinishReason.ShouldBe(ChatFinishReason.Length);
        FakeText.For("[[fake tokens=50]]").ShouldStartWith(answer.Content[0].Text);
        answer.Usage.OutputTokenCount.ShouldBe(10);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_json_schema_shapes_the_answer(string model)
    {
        var schema = BinaryData.FromString("""{"type":"object","properties":{"title":{"type":"string"},"pages":{"type":"integer"}},"required":["title","pages"],"additionalProperties":false}""");
        var options = new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("book", schema, jsonSchemaIsStrict: true) };

        await Chat(model).CompleteChatAsync([new UserChatMessage("A book, please")], options, Ct);

        // The schema must reach the vendor, in whichever form it takes one.
        var sent = VendorCalls.ShouldHaveSingleItem().Body.GetRawText();
        sent.ShouldContain("pages");
        sent.ShouldContain("title");
    }

    [Fact]
    public async Task An_openai_model_answers_exactly_in_the_schema()
    {
        var schema = BinaryData.FromString("""{"type":"object","properties":{"title":{"type":"string"},"pages":{"type":"integer"}},"required":["title","pages"],"additionalProperties":false}""");
        ChatCompletion answer = await Chat(Vendors.OpenAi).CompleteChatAsync(
            [new UserChatMessage("A book, please")], new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("book", schema, jsonSchemaIsStrict: true) }, Ct);

        var book = JsonDocument.Parse(answer.Content[0].Text).RootElement;
        book.GetProperty("title").ValueKind.ShouldBe(JsonValueKind.String);
        book.GetProperty("pages").TryGetInt32(out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Several_choices_and_log_probabilities_come_from_a_vendor_that_has_them()
    {
        var reply = (await Api.PostAsync(
            "v1/chat/completions",
            new { model = Vendors.OpenAi, messages = Vendors.User("[[fake tokens=4]]"), n = 3, logprobs = true, top_logprobs = 2 }, Ct)).Ok;

        var choices = reply.GetProperty("choices").EnumerateArray().ToList();
        choices.Select(choice => choice.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2]);
        choices.Select(choice => choice.GetProperty("message").GetProperty("content").GetString()).ShouldBe(
            [FakeText.For("[[fake tokens=4]]", 0), FakeText.For("[[fake tokens=4]]", 1), FakeText.For("[[fake tokens=4]]", 2)]);
        var logprobs = choices[1].GetProperty("logprobs").GetProperty("content");
        logprobs.GetArrayLength().ShouldBe(4);
        logprobs[0].GetProperty("top_logprobs").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Several_choices_are_streamed_side_by_side()
    {
        var texts = new Dictionary<int, string>();
        var events = await Api.StreamAsync("v1/chat/completions", new { model = Vendors.OpenAi, messages = Vendors.User("[[fake tokens=6]]"), n = 2, stream = true }, Ct);
        foreach (var choice in events.Where(block => block.Data != "[DONE]").SelectMany(block => block.Json.GetProperty("choices").EnumerateArray()))
            if (choice.GetProperty("delta").TryGetProperty("content", out var content))
                texts[choice.GetProperty("index").GetInt32()] = texts.GetValueOrDefault(choice.GetProperty("index").GetInt32()) + content.GetString();

        texts.ShouldBe(new Dictionary<int, string> { [0] = FakeText.For("[[fake tokens=6]]", 0), [1] = FakeText.For("[[fake tokens=6]]", 1) }, ignoreOrder: true);
    }

    [Theory]
    [InlineData("fake-chat", "[[fake refusal=No]]")]
    public async Task A_refusal_stays_a_refusal(string model, string question)
    {
        ChatCompletion answer = await Chat(model).CompleteChatAsync([new UserChatMessage(question)], cancellationToken: Ct);

        answer.Refusal.ShouldBe("No");
    }

    private static ChatTool WeatherTool { get; } = ChatTool.CreateFunctionTool(
        "get_weather", "Tells the weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string"}},"required":["city"]}"""));

    private static List<JsonElement> UsageOf(List<SseBlock> events) => [.. events
        .Where(block => block.Data != "[DONE]").Select(block => block.Json)
        .Where(chunk => chunk.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object)];
}
