namespace AiPlatform.Integration.Tests.Streams;

/// <summary>How a request is found again: in the answer, in the log, at the vendor.</summary>
public sealed class TraceTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Theory]
    [InlineData("v1/chat/completions")]
    [InlineData("v1/responses")]
    public async Task The_callers_request_id_and_trace_go_through_to_the_log_and_the_vendor(string path)
    {
        using var request = Request(path);
        request.Headers.Add("x-request-id", "my-own_id.7");
        request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        var reply = await Api.SendAsync(request, Ct);

        reply.Ok.ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Object);
        reply.Header("x-request-id").ShouldBe("my-own_id.7");
        VendorCalls.ShouldHaveSingleItem().Headers["traceparent"].ShouldContain(TraceId);
        var call = await EventuallyAsync(() => Platform.Log.ModelCalls.FirstOrDefault());
        call.Scope["request_id"].ShouldBe("my-own_id.7");
        call.Scope["TraceId"].ShouldBe(TraceId);
        (await EventuallyAsync(() => Platform.Log.Requests.FirstOrDefault())).Scope["request_id"].ShouldBe("my-own_id.7");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("spaces are not sane")]
    [InlineData("quote\"")]
    public async Task A_request_without_a_sane_id_gets_one(string? id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
        if (id is not null) request.Headers.TryAddWithoutValidation("x-request-id", id);
        var reply = await Api.SendAsync(request, Ct);

        reply.Header("x-request-id")!.ShouldStartWith("req_");
    }

    [Fact]
    public async Task Every_request_gets_its_own_id_also_one_that_fails()
    {
        var ids = new List<string?>();
        foreach (var path in new[] { "v1/models", "v1/models", "v1/nowhere", "v1/responses/resp_none" }) ids.Add((await Api.GetAsync(path, Ct)).Header("x-request-id"));

        ids.ShouldNotContain((string?)null);
        ids.Distinct().Count().ShouldBe(ids.Count);
    }

    [Fact]
    public async Task The_line_of_a_request_names_its_route_and_never_what_was_asked()
    {
        await Api.GetAsync("v1/responses/resp_0123456789abcdef0123456789abcdef?secret=PETUNIA", Ct);

        var line = await EventuallyAsync(() => Platform.Log.Requests.FirstOrDefault());
        line["Method"].ShouldBe("GET");
        line["Route"].ShouldBe("v1/responses/{id}");
        line["Status"].ShouldBe(404);
        foreach (var entry in Platform.Log.Entries) entry.Everything.ShouldNotContain("PETUNIA");
    }

    private static HttpRequestMessage Request(string path) => new(HttpMethod.Post, path)
    {
        Content = new StringContent(
            """{"model":"fake-chat","input":"Hi","messages":[{"role":"user","content":"Hi"}]}""", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
    };
}
