using System.Text.Json;

namespace AiPlatform.Integration.Tests.Failures;

/// <summary>A vendor that fails before its answer begins: the status says so, also of a chat completion that was to be a stream.</summary>
public sealed class RefusedCallTests(RefusedCallTests.WithDeadVendors platform) : FailureTest(platform), IClassFixture<RefusedCallTests.WithDeadVendors>
{
    public static TheoryData<string, string, int, string> Failures { get; } = new()
    {
        { Vendors.OpenAi, "status=429 retry-after=7", 429, "rate_limit_exceeded" },
        { Vendors.Anthropic, "status=429 retry-after=7", 429, "rate_limit_exceeded" },
        { Vendors.OpenAi, "status=429 code=insufficient_quota", 429, "insufficient_quota" },
        { Vendors.OpenAi, "status=500", 502, "upstream_error" },
        { Vendors.Anthropic, "status=500", 502, "upstream_error" },
        { Vendors.OpenAi, "status=503 retry-after=7", 503, "upstream_overloaded" },
        { Vendors.Anthropic, "status=529 retry-after=7", 503, "upstream_overloaded" },
        { Vendors.OpenAi, "status=401", 502, "upstream_credentials" },
        { Vendors.Anthropic, "status=401", 502, "upstream_credentials" },
        { Vendors.OpenAi, "status=403", 502, "upstream_credentials" },
        { Vendors.OpenAi, "garbage=headers", 502, "upstream_invalid_response" },
        { Vendors.Anthropic, "garbage=headers", 502, "upstream_invalid_response" },
        { Vendors.OpenAi, "window=3", 400, "context_length_exceeded" },
        { Vendors.Anthropic, "window=3", 400, "context_length_exceeded" },
        { Vendors.OpenAi, "status=404", 404, "model_not_found" },
        { Vendors.Anthropic, "status=404", 404, "model_not_found" },
        { Vendors.OpenAi, "status=413", 413, "upstream_rejected" },
        { Vendors.Anthropic, "status=413", 413, "request_too_large" },
        { "dead-openai", "tokens=1", 502, "upstream_unreachable" },
        { "dead-claude", "tokens=1", 502, "upstream_unreachable" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_chat_completion_gets_the_status_that_fits(string model, string directive, int status, string code)
    {
        var reply = await AskAsync(Way.Chat, model, directive);

        ShouldBe(reply, directive, status, code);
        await ShouldBeLoggedOnceAsync(model, code);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_streamed_chat_completion_gets_the_same_status(string model, string directive, int status, string code)
    {
        var reply = await AskAsync(Way.StreamedChat, model, directive);

        ShouldBe(reply, directive, status, code);
        await ShouldBeLoggedOnceAsync(model, code);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_response_gets_the_same_status_and_is_stored_as_failed(string model, string directive, int status, string code)
    {
        var reply = await AskAsync(Way.Response, model, directive);

        ShouldBe(reply, directive, status, code);
        await ShouldBeLoggedOnceAsync(model, code);
        (await Platform.Database.ScalarAsync("SELECT status FROM chat.responses ORDER BY created_at DESC LIMIT 1", Ct)).ShouldBe("failed");
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_streamed_response_has_begun_and_fails_in_band(string model, string directive, int status, string code)
    {
        var events = await StreamAsync(Way.StreamedResponse, model, directive);

        events.Take(2).Select(block => block.Event).ShouldBe(["response.created", "response.in_progress"]);
        var response = ShouldEndFailed(events);
        response.GetProperty("output").GetArrayLength().ShouldBe(0);
        string[] codes = ["server_error", "rate_limit_exceeded", "invalid_prompt"];
        codes.ShouldContain(response.GetProperty("error").GetProperty("code").GetString());
        if (status == 429) response.GetProperty("error").GetProperty("code").GetString().ShouldBe("rate_limit_exceeded");
        ShouldKeepSecrets(response.GetRawText());
        await ShouldBeLoggedOnceAsync(model, code);

        var stored = (await Api.GetAsync($"v1/responses/{response.GetProperty("id").GetString()}", Ct)).Ok;
        JsonElement.DeepEquals(stored, response).ShouldBeTrue($"{stored}\n{response}");
    }

    [Theory]
    [InlineData("fake-chat", "Inference__Providers__openai__ApiKey", "OPENAI_API_KEY")]
    [InlineData("fake-claude", "Inference__Providers__anthropic__ApiKey", "ANTHROPIC_API_KEY")]
    public async Task A_key_that_the_vendor_refuses_is_named_by_its_setting_and_never_shown(string model, string setting, string variable)
    {
        Vendor.ApiKey = "sk-only-this";

        foreach (var way in new[] { Way.Chat, Way.StreamedChat, Way.Response })
        {
            var reply = await AskAsync(way, model, "tokens=3");
            reply.Status.ShouldBe(502);
            var message = reply.Error.GetProperty("message").GetString()!;
            message.ShouldContain(setting);
            message.ShouldContain(variable);
            ShouldKeepSecrets(reply.Text);
        }
    }

    private static void ShouldBe(Reply reply, string directive, int status, string code)
    {
        reply.Status.ShouldBe(status, reply.Text);
        reply.Code.ShouldBe(code);
        reply.Error.EnumerateObject().Select(member => member.Name).ShouldBe(["message", "type", "param", "code"], ignoreOrder: true);
        reply.Header("Retry-After").ShouldBe(directive.Contains("retry-after=7", StringComparison.Ordinal) ? "7" : null);
        if (code == "context_length_exceeded") reply.Param.ShouldBe("messages");
        ShouldKeepSecrets(reply.Text);
    }

    public sealed class WithDeadVendors : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            // Port 9 discards, where anything listens there at all: nothing does.
            settings["Inference:Providers:dead1:BaseUrl"] = "http://127.0.0.1:9/v1";
            settings["Inference:Providers:dead1:Models:dead-openai:UpstreamName"] = "x";
            settings["Inference:Providers:dead2:Type"] = "anthropic";
            settings["Inference:Providers:dead2:BaseUrl"] = "http://127.0.0.1:9/";
            settings["Inference:Providers:dead2:ApiKey"] = AnthropicSecret;
            settings["Inference:Providers:dead2:Models:dead-claude:UpstreamName"] = "claude-x";
        }
    }
}
