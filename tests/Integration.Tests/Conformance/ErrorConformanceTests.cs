namespace AiPlatform.Integration.Tests.Conformance;

public sealed class ErrorConformanceTests(Platform platform) : ConformanceTest(platform), IClassFixture<Platform>
{
    [Theory]
    [InlineData("GET", "v1/nothing", null, 404)]
    [InlineData("GET", "v1/models/none", null, 404)]
    [InlineData("PATCH", "v1/models", null, 405)]
    [InlineData("GET", "v1/responses/resp_0123456789abcdef0123456789abcdef", null, 404)]
    [InlineData("DELETE", "v1/conversations/none", null, 404)]
    [InlineData("POST", "v1/responses", "", 400)]
    [InlineData("POST", "v1/responses", "{", 400)]
    [InlineData("POST", "v1/responses", "[]", 400)]
    [InlineData("POST", "v1/responses", """{"model":"fake-chat","input":5}""", 400)]
    [InlineData("POST", "v1/responses", """{"model":"fake-chat","input":"x","prompt":{"id":"p"}}""", 400)]
    [InlineData("POST", "v1/chat/completions", """{"model":"fake-chat"}""", 400)]
    [InlineData("POST", "v1/chat/completions", """{"model":"fake-chat","messages":[{"role":"user","content":"[[fake status=400]]"}]}""", 400)]
    [InlineData("POST", "v1/chat/completions", """{"model":"fake-chat","messages":[{"role":"user","content":"[[fake status=429]]"}]}""", 429)]
    [InlineData("POST", "v1/chat/completions", """{"model":"fake-chat","messages":[{"role":"user","content":"[[fake status=500]]"}]}""", 502)]
    [InlineData("POST", "v1/responses", """{"model":"fake-claude","input":"[[fake status=529]]"}""", 503)]
    [InlineData("POST", "v1/embeddings", """{"model":"fake-chat","input":[]}""", 400)]
    public async Task An_error(string method, string path, string? body, int status)
    {
        var reply = await Api.SendAsync(new HttpMethod(method), path, body, Ct);

        reply.Json.ShouldBe("ErrorResponse");
        reply.Status.ShouldBe(status, reply.Text);
    }

    [Fact]
    public async Task Having_no_key()
    {
        using var stranger = Platform.Client(null);
        var reply = await stranger.GetAsync("v1/models", Ct);

        reply.Json.ShouldBe("ErrorResponse");
        reply.Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses") { Content = new StringContent("model=fake-chat") };
        var reply = await Api.SendAsync(request, Ct);

        reply.Json.ShouldBe("ErrorResponse");
        reply.Status.ShouldBe(415);
    }
}
