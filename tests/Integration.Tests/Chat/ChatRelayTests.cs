using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiPlatform.Integration.Tests.Chat;

/// <summary>What goes on to a vendor, and what comes back unchanged.</summary>
public sealed partial class ChatRelayTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private const string OnePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task An_openai_compatible_vendor_gets_what_the_client_wrote_and_never_store()
    {
        const string Body = """
            {"model":"fake-chat","messages":[{"role":"user","content":"Hi","x_message":"kept"}],"temperature":0.25,"top_p":0.5,"seed":7,"user":"u-1","store":true,
             "x_custom":{"deep":[1,2,{"three":null}]},"top_k":40,"reasoning_effort":"low","max_completion_tokens":99,"logit_bias":{"50256":-100},
             "prediction":{"type":"content","content":"x"},"service_tier":"default"}
            """;

        (await Api.PostAsync("v1/chat/completions", Body, Ct)).Ok.GetProperty("object").GetString().ShouldBe("chat.completion");

        var call = VendorCalls.ShouldHaveSingleItem();
        call.Headers["Authorization"].ShouldBe("Bearer " + Platform.OpenAiSecret);
        var (sent, ours) = (call.Body, JsonDocument.Parse(Body).RootElement);
        foreach (var field in ours.EnumerateObject().Where(field => field.Name != "store"))
            JsonElement.DeepEquals(sent.GetProperty(field.Name), field.Value).ShouldBeTrue($"{field.Name}: {sent.GetProperty(field.Name)}");
        sent.TryGetProperty("store", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Anthropic_gets_only_what_it_knows()
    {
        const string Body = """
            {"model":"fake-claude","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}],"temperature":0.25,"store":true,"user":"u-1",
             "x_custom":{"deep":1},"top_k":40,"service_tier":"default","metadata":{"a":"b"},"max_completion_tokens":77,"stop":["END"]}
            """;

        (await Api.PostAsync("v1/chat/completions", Body, Ct)).Ok.GetProperty("object").GetString().ShouldBe("chat.completion");

        var call = VendorCalls.ShouldHaveSingleItem();
        call.Headers["x-api-key"].ShouldBe(Platform.AnthropicSecret);
        string[] known = ["model", "max_tokens", "messages", "system", "temperature", "stop_sequences", "metadata", "stream"];
        call.Body.EnumerateObject().Select(field => field.Name).Except(known).ShouldBeEmpty();
        call.Body.GetProperty("max_tokens").GetInt32().ShouldBe(77);
        call.Body.GetProperty("stop_sequences")[0].GetString().ShouldBe("END");
        call.Body.GetProperty("messages").GetArrayLength().ShouldBe(1);
        call.Body.GetProperty("system").GetRawText().ShouldContain("Be kind.");
    }

    [Theory]
    [InlineData("n", "2")]
    [InlineData("logprobs", "true")]
    [InlineData("frequency_penalty", "1")]
    [InlineData("presence_penalty", "-1")]
    [InlineData("seed", "42")]
    [InlineData("logit_bias", """{"1":5}""")]
    [InlineData("functions", "[{}]")]
    [InlineData("audio", """{"voice":"alloy"}""")]
    [InlineData("prediction", """{"type":"content","content":"x"}""")]
    public async Task A_parameter_that_a_vendor_cannot_honour_is_refused_by_name(string name, string value)
    {
        foreach (var stream in new[] { "false", "true" })
        {
            var reply = await Api.PostAsync("v1/chat/completions", $$"""{"model":"fake-claude","messages":[{"role":"user","content":"Hi"}],"stream":{{stream}},"{{name}}":{{value}}}""", Ct);

            reply.Status.ShouldBe(400);
            reply.Param.ShouldBe(name);
            reply.Code.ShouldBe("unsupported_parameter");
        }

        VendorCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_in_a_data_url_reaches_an_openai_vendor_as_it_is()
    {
        (await Api.PostAsync("v1/chat/completions", Picture("fake-chat"), Ct)).Ok.ValueKind.ShouldBe(JsonValueKind.Object);

        VendorCalls.ShouldHaveSingleItem().Body.GetProperty("messages")[0].GetProperty("content")[1].GetProperty("image_url").GetProperty("url").GetString()
            .ShouldBe("data:image/png;base64," + OnePixel);
    }

    [Fact]
    public async Task An_image_in_a_data_url_reaches_anthropic_in_its_own_form()
    {
        (await Api.PostAsync("v1/chat/completions", Picture("fake-claude"), Ct)).Ok.ValueKind.ShouldBe(JsonValueKind.Object);

        var image = VendorCalls.ShouldHaveSingleItem().Body.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Single(part => part.GetProperty("type").GetString() == "image");
        var source = image.GetProperty("source");
        source.GetProperty("type").GetString().ShouldBe("base64");
        source.GetProperty("media_type").GetString().ShouldBe("image/png");
        source.GetProperty("data").GetString().ShouldBe(OnePixel);
    }

    [Fact]
    public async Task The_chunks_of_an_openai_vendor_are_relayed_byte_for_byte()
    {
        const string Question = "[[fake tokens=40 unicode reasoning=5]]";
        var body = new { model = "fake-chat", messages = Vendors.User(Question), stream = true, stream_options = new { include_usage = true } };
        var ours = await Api.StreamAsync("v1/chat/completions", body, Ct);

        using var direct = new ApiClient(new HttpClient { BaseAddress = Vendor.BaseUri });
        direct.Http.DefaultRequestHeaders.Authorization = new("Bearer", "any");
        var theirs = await direct.StreamAsync("v1/chat/completions", body, Ct);

        ours.Count.ShouldBeGreaterThan(40);
        ours.Select(Anonymous).ShouldBe(theirs.Select(Anonymous));
        // Only the call's own id and second may differ.
        static string Anonymous(SseBlock block) => CallDetails().Replace(block.Data!, "");
    }

    [Fact]
    public async Task A_whole_answer_of_an_openai_vendor_is_relayed_byte_for_byte()
    {
        var body = new { model = "fake-chat", messages = Vendors.User("[[fake tokens=20 unicode]]") };
        var ours = await Api.PostAsync("v1/chat/completions", body, Ct);
        using var direct = new ApiClient(new HttpClient { BaseAddress = Vendor.BaseUri });
        direct.Http.DefaultRequestHeaders.Authorization = new("Bearer", "any");
        var theirs = await direct.PostAsync("v1/chat/completions", body, Ct);

        CallDetails().Replace(ours.Text, "").ShouldBe(CallDetails().Replace(theirs.Text, ""));
        ours.ContentHeaders.ContentType!.MediaType.ShouldBe("application/json");
        ours.ContentHeaders.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(ours.Text));
    }

    private static object Picture(string model) => new
    {
        model,
        messages = new[]
        {
            new
            {
                role = "user",
                content = new object[] { new { type = "text", text = "What is it?" }, new { type = "image_url", image_url = new { url = "data:image/png;base64," + OnePixel } } },
            },
        },
    };

    [GeneratedRegex("""("id":"chatcmpl-[^"]*"|"created":\d+)""")]
    private static partial Regex CallDetails();
}
