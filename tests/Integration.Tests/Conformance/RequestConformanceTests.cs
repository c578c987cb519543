using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Api.Controllers.V1;
using AiPlatform.Application.Chat.Conversations;
using AiPlatform.Application.Inference;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Application.Knowledge.Uploads;
using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Application.Knowledge.VectorStores.FileBatches;

namespace AiPlatform.Integration.Tests.Conformance;

/// <summary>
/// No parameter that the document has is quietly dropped: each reaches the vendor, is shown by the response it shaped, or is refused by its name.
/// A newer document with a new parameter fails here until it is decided what becomes of that.
/// </summary>
public sealed class RequestConformanceTests(Platform platform) : ConformanceTest(platform), IClassFixture<Platform>
{
    // Each parameter with a value to try. The vendor sees it under the name given, where it is not the same; null: it sees nothing, the response shows it.
    private static readonly Dictionary<string, (string Value, string? AtVendor)> Served = new()
    {
        ["instructions"] = ("\"Be brief.\"", null),
        ["max_output_tokens"] = ("50", "max_completion_tokens"),
        ["max_tool_calls"] = ("3", null),
        ["metadata"] = ("{\"a\":\"b\"}", null),
        ["parallel_tool_calls"] = ("false", null),
        ["prompt_cache_key"] = ("\"k\"", "prompt_cache_key"),
        ["prompt_cache_options"] = ("{\"ttl\":\"30m\"}", "prompt_cache_options"),
        ["prompt_cache_retention"] = ("\"24h\"", "prompt_cache_retention"),
        ["reasoning.effort"] = ("\"low\"", "reasoning_effort"),
        ["reasoning.generate_summary"] = ("\"auto\"", null),
        ["reasoning.summary"] = ("\"auto\"", null),
        ["safety_identifier"] = ("\"s\"", "safety_identifier"),
        ["service_tier"] = ("\"flex\"", "service_tier"),
        ["store"] = ("false", null),
        ["temperature"] = ("0.5", "temperature"),
        ["text.format"] = ("{\"type\":\"json_object\"}", "response_format"),
        ["text.verbosity"] = ("\"low\"", "verbosity"),
        ["tool_choice"] = ("\"none\"", null),
        ["tools"] = ("[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{},\"strict\":true}]", null),
        ["top_logprobs"] = ("2", "top_logprobs"),
        ["top_p"] = ("0.5", "top_p"),
        ["truncation"] = ("\"auto\"", null),
        ["user"] = ("\"u\"", "user"),
    };

    private static readonly Dictionary<string, string> Refused = new()
    {
        ["context_management"] = "[{\"type\":\"compaction\"}]",
        ["include"] = "[\"everything\"]",
        ["moderation"] = "{\"model\":\"m\"}",
        ["personality"] = "\"friendly\"",
        ["prompt"] = "{\"id\":\"p\"}",
        ["reasoning.context"] = "\"all_turns\"",
        ["reasoning.mode"] = "\"pro\"",
    };

    // Every other test uses these, or they change nothing here: streams are never obfuscated.
    private static readonly string[] Elsewhere = ["background", "conversation", "input", "model", "previous_response_id", "reasoning", "stream", "stream_options", "text"];

    public static TheoryData<string> ServedNames => [.. Served.Keys];

    public static TheoryData<string> RefusedNames => [.. Refused.Keys];

    [Fact]
    public void Every_parameter_of_a_response_is_served_or_refused()
    {
        var documented = Spec.PropertiesOf("CreateResponse").Keys
            .Concat(Spec.PropertiesOf("TokenCountsBody").Keys)
            .Concat(Spec.PropertiesOf("Reasoning").Keys.Select(name => $"reasoning.{name}"))
            .Concat(Spec.PropertiesOf("ResponseTextParam").Keys.Select(name => $"text.{name}"));

        Served.Keys.Concat(Refused.Keys).Concat(Elsewhere).ShouldBe(documented.Distinct(), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(ServedNames))]
    public async Task A_parameter_that_is_served(string name)
    {
        var (value, atVendor) = Served[name];
        var response = await PostAsync("v1/responses", With("""{"input":"Hello"}""", name, value), "Response");

        if (atVendor is not null)
        {
            var sent = VendorCalls.ShouldHaveSingleItem().Body;
            sent.TryGetProperty(atVendor, out var seen).ShouldBeTrue($"The vendor was not sent {atVendor}: {sent}");
            JsonElement.DeepEquals(seen, JsonElement.Parse(value)).ShouldBeTrue($"The vendor was sent {atVendor}: {seen}");
        }
        else
        {
            var shown = name.Replace("generate_summary", "summary", StringComparison.Ordinal).Split('.').Aggregate(response, (json, part) => json.GetProperty(part));
            JsonElement.DeepEquals(shown, JsonElement.Parse(value)).ShouldBeTrue($"The response shows {name}: {shown}");
        }
    }

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public async Task A_parameter_that_is_refused(string name)
    {
        foreach (var path in new[] { "v1/responses", "v1/responses/input_tokens" })
        {
            var reply = await Api.PostAsync(path, With("""{"input":"Hello"}""", name, Refused[name]).ToJsonString(), Ct);
            reply.Status.ShouldBe(400, reply.Text);
            reply.Param!.ShouldStartWith(name);
        }

        VendorCalls.ShouldBeEmpty();
    }

    /// <summary>Whatever the document has reaches a vendor that speaks the API, also what we have no field for.</summary>
    [Fact]
    public async Task Every_parameter_of_a_chat_completion_reaches_the_vendor()
    {
        // Completions are not stored here, the name of the model may be another at the vendor, and a stream is the subject of other tests.
        var names = Spec.PropertiesOf("CreateChatCompletionRequest").Keys.Except(["store", "model", "messages", "stream", "stream_options"]).ToList();
        var body = With("""{"messages":[{"role":"user","content":"Hello"}]}""", "store", "true");
        foreach (var name in names) body[name] = JsonNode.Parse(ChatValues.GetValueOrDefault(name, "\"x\""));

        await PostAsync("v1/chat/completions", body, "CreateChatCompletionResponse");

        var sent = VendorCalls.ShouldHaveSingleItem().Body;
        foreach (var name in names)
        {
            sent.TryGetProperty(name, out var seen).ShouldBeTrue($"The vendor was not sent {name}: {sent}");
            JsonElement.DeepEquals(seen, JsonSerializer.SerializeToElement(body[name])).ShouldBeTrue($"The vendor was sent {name}: {seen}");
        }

        sent.TryGetProperty("store", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(typeof(EmbeddingRequest), "CreateEmbeddingRequest")]
    [InlineData(typeof(CreateConversation), "CreateConversationBody")]
    [InlineData(typeof(ConversationsController.UpdateConversationBody), "UpdateConversationBody")]
    [InlineData(typeof(CreateUpload), "CreateUploadRequest")]
    [InlineData(typeof(UploadsController.CompleteUploadBody), "CompleteUploadRequest")]
    [InlineData(typeof(CreateVectorStore), "CreateVectorStoreRequest")]
    [InlineData(typeof(VectorStoreChanges), "UpdateVectorStoreRequest")]
    [InlineData(typeof(FileAttachment), "CreateVectorStoreFileRequest")]
    [InlineData(typeof(VectorStoreFilesController.AttributesBody), "UpdateVectorStoreFileAttributesRequest")]
    [InlineData(typeof(FileBatchRequest), "CreateVectorStoreFileBatchRequest")]
    [InlineData(typeof(SearchRequest), "VectorStoreSearchRequest")]
    public void A_request_has_every_parameter(Type request, string schema) =>
        Spec.PropertiesOf(schema).Keys.Except(request.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)))
            .ShouldBeEmpty();

    [Fact]
    public async Task Every_parameter_of_an_embedding_reaches_the_vendor()
    {
        await PostAsync("v1/embeddings", Body("""{"input":"one","dimensions":64,"user":"u"}""", "fake-embedding"), "CreateEmbeddingResponse");

        var sent = VendorCalls.ShouldHaveSingleItem().Body;
        sent.GetProperty("dimensions").GetInt32().ShouldBe(64);
        sent.GetProperty("user").GetString().ShouldBe("u");
    }

    private static readonly Dictionary<string, string> ChatValues = new()
    {
        ["audio"] = "{\"format\":\"wav\",\"voice\":\"alloy\"}",
        ["frequency_penalty"] = "0.5",
        ["function_call"] = "\"none\"",
        ["functions"] = "[{\"name\":\"f\"}]",
        ["logit_bias"] = "{\"1\":1}",
        ["logprobs"] = "true",
        ["max_completion_tokens"] = "50",
        ["max_tokens"] = "50",
        ["metadata"] = "{\"a\":\"b\"}",
        ["modalities"] = "[\"text\"]",
        ["moderation"] = "{\"model\":\"m\"}",
        ["n"] = "1",
        ["parallel_tool_calls"] = "false",
        ["prediction"] = "{\"type\":\"content\",\"content\":\"x\"}",
        ["presence_penalty"] = "0.5",
        ["prompt_cache_options"] = "{\"ttl\":\"30m\"}",
        ["response_format"] = "{\"type\":\"text\"}",
        ["seed"] = "7",
        ["stop"] = "[\"zzz\"]",
        ["temperature"] = "0.5",
        ["tool_choice"] = "\"none\"",
        ["tools"] = "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]",
        ["top_logprobs"] = "2",
        ["top_p"] = "0.5",
        ["web_search_options"] = "{}",
    };

    /// <summary>A body for the vendor that speaks the API, with one more parameter, by its path.</summary>
    private static JsonObject With(string json, string name, string value)
    {
        var body = Body(json, Vendors.OpenAi);
        var (owner, parts) = (body, name.Split('.'));
        if (parts.Length > 1) body[parts[0]] = owner = [];
        owner[parts[^1]] = JsonNode.Parse(value);
        return body;
    }
}
