using System.Net.Http.Headers;
using System.Text.Json;

namespace AiPlatform.Integration.Tests;

/// <summary>The edge of HTTP: what is not an answer of a use case.</summary>
public sealed class EdgeTests(EdgeTests.WithCors platform) : PlatformTest(platform), IClassFixture<EdgeTests.WithCors>
{
    private const string Origin = "https://app.example.com";

    [Theory]
    [InlineData("v1/chat/completions", "{")]
    [InlineData("v1/chat/completions", "")]
    [InlineData("v1/chat/completions", "null")]
    [InlineData("v1/chat/completions", "[]")]
    [InlineData("v1/chat/completions", "\"x\"")]
    [InlineData("v1/responses", "{\"model\":")]
    [InlineData("v1/responses", "")]
    [InlineData("v1/embeddings", "{]")]
    [InlineData("v1/conversations", "{")]
    public async Task A_body_that_is_no_json_object_is_a_400(string path, string body)
    {
        var reply = await Api.PostAsync(path, body, Ct);

        ShouldBeError(reply, 400, "invalid_json");
    }

    [Fact]
    public async Task A_body_that_is_no_utf8_is_a_400()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses")
        {
            Content = new ByteArrayContent([.. "{\"model\":\"fake-chat\",\"input\":\""u8, 0xC3, 0x28, .. "\"}"u8]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        (await Api.SendAsync(request, Ct)).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("GET", "v1/nowhere")]
    [InlineData("POST", "v1/nowhere")]
    [InlineData("GET", "v1")]
    [InlineData("POST", "v1/chat/completions/more")]
    public async Task An_unknown_address_is_a_404(string method, string path)
    {
        var reply = await Api.SendAsync(new HttpMethod(method), path, method == "POST" ? new { } : null, Ct);

        ShouldBeError(reply, 404, "unknown_url");
        reply.Error.GetProperty("message").GetString()!.ShouldContain(path);
    }

    [Theory]
    [InlineData("GET", "v1/chat/completions", "POST")]
    [InlineData("DELETE", "v1/responses", "POST")]
    [InlineData("PUT", "v1/conversations/conv_1", "GET")]
    public async Task A_method_that_an_address_does_not_take_is_a_405(string method, string path, string allowed)
    {
        var reply = await Api.SendAsync(new HttpMethod(method), path, null, Ct);

        ShouldBeError(reply, 405, "method_not_allowed");
        reply.ContentHeaders.Allow.ShouldContain(allowed);
    }

    [Fact]
    public async Task A_body_of_another_type_is_a_415()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses") { Content = new StringContent("model=x", new MediaTypeHeaderValue("application/x-www-form-urlencoded")) };
        ShouldBeError(await Api.SendAsync(request, Ct), 415, "unsupported_media_type");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_large_is_a_413(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses")
        {
            Content = new StringContent($$"""{"model":"fake-chat","input":"{{new string('x', 200_000)}}"}""", new MediaTypeHeaderValue("application/json")),
        };
        // Asking first spares the sending, and lets the answer arrive before the connection ends.
        request.Headers.ExpectContinue = true;
        if (chunked) request.Headers.TransferEncodingChunked = true;
        ShouldBeError(await Api.SendAsync(request, Ct), 413, "request_too_large");
    }

    [Fact]
    public async Task Errors_outside_v1_are_problem_details()
    {
        var reply = await Api.GetAsync("api/nowhere", Ct);

        reply.Status.ShouldBe(404);
        reply.ContentHeaders.ContentType!.MediaType.ShouldBe("application/problem+json");
        reply.Json.GetProperty("code").GetString().ShouldBe("unknown_url");
        reply.Json.GetProperty("status").GetInt32().ShouldBe(404);
        reply.Json.GetProperty("request_id").GetString().ShouldBe(reply.Header("x-request-id"));
        reply.Json.TryGetProperty("title", out _).ShouldBeTrue();
        reply.Json.TryGetProperty("detail", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("health/live")]
    [InlineData("health/ready")]
    [InlineData("health")]
    public async Task Health_needs_no_key_and_shows_no_secret(string path)
    {
        using var anyone = Platform.Client(null);
        var reply = await anyone.GetAsync(path, Ct);

        reply.Status.ShouldBe(200, reply.Text);
        reply.Json.GetProperty("status").GetString().ShouldBe("healthy", reply.Text);
        foreach (var secret in new[] { Platform.ApiKey, Platform.OpenAiSecret, Platform.AnthropicSecret, "Password" }) reply.Text.ShouldNotContain(secret);
        var checks = reply.Json.GetProperty("checks").EnumerateObject().Select(check => check.Name);
        checks.ShouldBe(path switch { "health/live" => [], "health/ready" => ["server", "database"], _ => ["server", "database", "models", "files", "ingestion"] }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_browser_app_of_a_configured_origin_may_call()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "v1/responses");
        preflight.Headers.Add("Origin", Origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        using var anyone = Platform.Client(null);
        var allowed = await anyone.SendAsync(preflight, Ct);
        allowed.Status.ShouldBe(204);
        allowed.Header("Access-Control-Allow-Origin").ShouldBe(Origin);
        allowed.Header("Access-Control-Allow-Headers")!.ShouldContain("authorization");
        // Cookies never travel across origins.
        allowed.Header("Access-Control-Allow-Credentials").ShouldBeNull();

        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
        request.Headers.Add("Origin", Origin);
        var reply = await Api.SendAsync(request, Ct);
        reply.Header("Access-Control-Allow-Origin").ShouldBe(Origin);
        reply.Header("Access-Control-Expose-Headers")!.ShouldContain("x-request-id");
    }

    [Fact]
    public async Task A_failure_is_readable_for_a_configured_origin_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/responses/resp_none");
        request.Headers.Add("Origin", Origin);
        var reply = await Api.SendAsync(request, Ct);

        reply.Status.ShouldBe(404);
        reply.Header("Access-Control-Allow-Origin").ShouldBe(Origin);
    }

    [Fact]
    public async Task Any_other_origin_may_not()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
        request.Headers.Add("Origin", "https://evil.example.com");

        (await Api.SendAsync(request, Ct)).Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    [Fact]
    public async Task The_server_does_not_introduce_itself()
    {
        (await Api.GetAsync("v1/models", Ct)).Header("Server").ShouldBeNull();
    }

    private static void ShouldBeError(Reply reply, int status, string code)
    {
        reply.Status.ShouldBe(status, reply.Text);
        reply.ContentHeaders.ContentType!.MediaType.ShouldBe("application/json");
        reply.Error.EnumerateObject().Select(member => member.Name).ShouldBe(["message", "type", "param", "code"], ignoreOrder: true);
        reply.Code.ShouldBe(code);
        reply.Error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        reply.Error.GetProperty("message").ValueKind.ShouldBe(JsonValueKind.String);
    }

    public sealed class WithCors : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Edge:CorsOrigins:0"] = Origin;
            settings["Edge:MaxRequestBodyBytes"] = "100000";
        }
    }
}
