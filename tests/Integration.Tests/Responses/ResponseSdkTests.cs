using System.ClientModel;
using System.Text.Json;
using OpenAI.Responses;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>The official .NET SDK, unmodified, as the client.</summary>
public sealed class ResponseSdkTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    public static TheoryData<string> Both => Vendors.Both;

    private ResponsesClient Responses => Platform.Sdk().GetResponsesClient();

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_response_is_created_read_continued_and_deleted(string model)
    {
        ResponseResult first = await Responses.CreateResponseAsync(model, "Hello there", cancellationToken: Ct);
        first.GetOutputText().ShouldBe(FakeText.For("Hello there"));
        first.Status.ShouldBe(ResponseStatus.Completed);
        first.Usage.TotalTokenCount.ShouldBe(first.Usage.InputTokenCount + first.Usage.OutputTokenCount);

        ResponseResult again = await Responses.GetResponseAsync(first.Id, Ct);
        again.GetOutputText().ShouldBe(first.GetOutputText());

        ResponseResult second = await Responses.CreateResponseAsync(model, "And now?", first.Id, Ct);
        second.PreviousResponseId.ShouldBe(first.Id);
        var sent = VendorCalls[^1].Body.GetProperty("messages").GetRawText();
        sent.ShouldContain("Hello there");
        sent.ShouldContain("Happy to help");

        (await Responses.DeleteResponseAsync(first.Id, Ct)).Value.Deleted.ShouldBeTrue();
        (await Should.ThrowAsync<ClientResultException>(() => Responses.GetResponseAsync(first.Id, Ct))).Status.ShouldBe(404);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_response_is_streamed(string model)
    {
        const string Question = "[[fake tokens=40 unicode seed=2]]";
        var (text, kinds) = ("", new List<Type>());
        ResponseResult? final = null;
        await foreach (var update in await Responses.CreateResponseStreamingAsync(model, Question, cancellationToken: Ct))
        {
            kinds.Add(update.GetType());
            if (update is StreamingResponseOutputTextDeltaUpdate delta) text += delta.Delta;
            if (update is StreamingResponseCompletedUpdate completed) final = completed.Response;
        }

        text.ShouldBe(FakeText.For(Question));
        final.ShouldNotBeNull().GetOutputText().ShouldBe(text);
        kinds[0].ShouldBe(typeof(StreamingResponseCreatedUpdate));
        kinds[^1].ShouldBe(typeof(StreamingResponseCompletedUpdate));
        kinds.ShouldNotContain(typeof(StreamingResponseErrorUpdate));
    }

    [Fact]
    public async Task A_stream_is_taken_up_again()
    {
        var all = new List<int>();
        string? id = null;
        await foreach (var update in await Responses.CreateResponseStreamingAsync("fake-chat", "[[fake tokens=8]]", cancellationToken: Ct))
        {
            all.Add(update.SequenceNumber);
            if (update is StreamingResponseCreatedUpdate created) id = created.Response.Id;
        }

        var again = new List<int>();
        await foreach (var update in await Responses.GetResponseStreamingAsync(new GetResponseOptions(id!) { StartingAfter = 4, StreamingEnabled = true }, Ct)) again.Add(update.SequenceNumber);
        again.ShouldBe(all[5..]);
    }

    [Fact]
    public async Task A_response_in_the_background_is_asked_for_until_it_is_done()
    {
        var options = new CreateResponseOptions("fake-chat", [ResponseItem.CreateUserMessageItem("[[fake tokens=8 delay=20]]")]) { BackgroundModeEnabled = true };
        ResponseResult response = await Responses.CreateResponseAsync(options, Ct);
        response.BackgroundModeEnabled.ShouldBe(true);
        while (response.Status is ResponseStatus.Queued or ResponseStatus.InProgress)
        {
            await Task.Delay(25, Ct);
            response = await Responses.GetResponseAsync(response.Id, Ct);
        }

        response.Status.ShouldBe(ResponseStatus.Completed);
        response.GetOutputText().ShouldBe(FakeText.For("[[fake tokens=8]]"));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_function_is_called_and_its_output_goes_back(string model)
    {
        var tool = ResponseTool.CreateFunctionTool("get_weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}"""), strictModeEnabled: false);
        var question = new CreateResponseOptions(model, [ResponseItem.CreateUserMessageItem($"[[fake tool=get_weather args={Vendors.Value("""{"city":"Oslo"}""")}]]")]) { Tools = { tool } };
        ResponseResult first = await Responses.CreateResponseAsync(question, Ct);

        var call = first.OutputItems.OfType<FunctionCallResponseItem>().ShouldHaveSingleItem();
        call.FunctionName.ShouldBe("get_weather");
        call.FunctionArguments.ToObjectFromJson<JsonElement>().GetProperty("city").GetString().ShouldBe("Oslo");

        var answer = new CreateResponseOptions(model, [ResponseItem.CreateFunctionCallOutputItem(call.CallId, "Sunny, 21 degrees")]) { Tools = { tool }, PreviousResponseId = first.Id };
        ResponseResult second = await Responses.CreateResponseAsync(answer, Ct);
        second.GetOutputText().ShouldContain("Sunny, 21 degrees");
    }

    [Fact]
    public async Task A_text_format_with_a_schema_shapes_the_answer()
    {
        var schema = BinaryData.FromString("""{"type":"object","properties":{"title":{"type":"string"},"pages":{"type":"integer"}},"required":["title","pages"],"additionalProperties":false}""");
        var options = new CreateResponseOptions("fake-chat", [ResponseItem.CreateUserMessageItem("A book, please")])
        {
            TextOptions = new ResponseTextOptions { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("book", schema, jsonSchemaIsStrict: true) },
        };
        ResponseResult response = await Responses.CreateResponseAsync(options, Ct);

        var book = JsonDocument.Parse(response.GetOutputText()).RootElement;
        book.GetProperty("pages").TryGetInt32(out _).ShouldBeTrue();
        var sent = VendorCalls.ShouldHaveSingleItem().Body.GetProperty("response_format");
        sent.GetProperty("type").GetString().ShouldBe("json_schema");
        sent.GetProperty("json_schema").GetProperty("name").GetString().ShouldBe("book");
        sent.GetProperty("json_schema").GetProperty("strict").GetBoolean().ShouldBeTrue();
        sent.GetProperty("json_schema").TryGetProperty("type", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Input_items_are_paged()
    {
        var items = Enumerable.Range(1, 5).Select(n => ResponseItem.CreateUserMessageItem($"Message {n}")).ToList<ResponseItem>();
        ResponseResult response = await Responses.CreateResponseAsync("fake-chat", items, cancellationToken: Ct);

        var options = new ResponseItemCollectionOptions(response.Id) { PageSizeLimit = 2, Order = ResponseItemCollectionOrder.Ascending };
        var texts = new List<string>();
        await foreach (var item in Responses.GetResponseInputItemsAsync(options, Ct)) texts.Add(((MessageResponseItem)item).Content[0].Text);

        texts.ShouldBe(["Message 1", "Message 2", "Message 3", "Message 4", "Message 5"]);
    }

    [Fact]
    public async Task Metadata_and_settings_come_back_as_they_were_sent()
    {
        var options = new CreateResponseOptions("fake-chat", [ResponseItem.CreateUserMessageItem("Hi")])
        {
            Instructions = "Be brief.", Metadata = { ["topic"] = "demo", ["Ünïcode"] = "ja" }, Temperature = 0.5f, TopP = 0.75f, MaxOutputTokenCount = 100,
            ParallelToolCallsEnabled = false, TruncationMode = ResponseTruncationMode.Auto, SafetyIdentifier = "user-7",
        };
        ResponseResult created = await Responses.CreateResponseAsync(options, Ct);
        ResponseResult read = await Responses.GetResponseAsync(created.Id, Ct);

        foreach (var response in new[] { created, read })
        {
            response.Metadata.ShouldBe(new Dictionary<string, string> { ["topic"] = "demo", ["Ünïcode"] = "ja" }, ignoreOrder: true);
            response.Temperature.ShouldBe(0.5f);
            response.TopP.ShouldBe(0.75f);
            response.MaxOutputTokenCount.ShouldBe(100);
            response.ParallelToolCallsEnabled.ShouldBeFalse();
            response.TruncationMode.ShouldBe(ResponseTruncationMode.Auto);
            response.SafetyIdentifier.ShouldBe("user-7");
            response.Model.ShouldBe("fake-chat");
        }
    }

    [Fact]
    public async Task The_sdk_understands_an_error()
    {
        var failure = await Should.ThrowAsync<ClientResultException>(() => Responses.CreateResponseAsync("fake-chat", "[[fake status=429 retry-after=7]]", cancellationToken: Ct));

        failure.Status.ShouldBe(429);
        failure.Message.ShouldContain("rate_limit_exceeded");
    }
}
