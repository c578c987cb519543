using System.Net;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Infrastructure.ModelProviders;
using AiPlatform.Infrastructure.ModelProviders.Anthropic;

namespace AiPlatform.Application.Tests.Inference.Anthropic;

public sealed class AnthropicProviderTests
{
    [Fact]
    public async Task Models_are_discovered_page_by_page()
    {
        using var vendor = new StubHandler(request => StubHandler.Json(request.RequestUri!.Query.Contains("after_id=b", StringComparison.Ordinal)
            ? """{"data":[{"type":"model","id":"c","created_at":"2025-02-03T00:00:00Z"}],"has_more":false,"last_id":"c"}"""
            : """{"data":[{"type":"model","id":"a","created_at":"2025-01-02T00:00:00Z","max_input_tokens":200000,"max_tokens":64000},{"id":"b","lifecycle":"retired"}],"has_more":true,"last_id":"b"}"""));

        var models = await Provider(vendor).DiscoverAsync(CancellationToken.None);

        models.Select(model => model.Id).ShouldBe(["a", "c"]);
        models[0].ShouldBe(new ModelDescriptor
        {
            Id = "a", Provider = "claude", UpstreamName = "a", Created = new DateTimeOffset(2025, 1, 2, 0, 0, 0, TimeSpan.Zero), ContextWindow = 200000, MaxOutputTokens = 64000,
        });
    }

    [Theory]
    [InlineData(null, "https://api.anthropic.com/v1/models")]
    [InlineData("http://localhost:4000", "http://localhost:4000/v1/models")]
    [InlineData("http://localhost:4000/anthropic/v1/", "http://localhost:4000/anthropic/v1/models")]
    public async Task The_base_url_may_have_v1_or_not(string? baseUrl, string expected)
    {
        using var vendor = new StubHandler(_ => StubHandler.Json("""{"data":[]}"""));

        await Provider(vendor, baseUrl).DiscoverAsync(CancellationToken.None);

        vendor.Seen.ShouldHaveSingleItem().GetLeftPart(UriPartial.Path).ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"models":[]}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public async Task A_list_that_is_none_is_an_invalid_response(string body)
    {
        using var vendor = new StubHandler(_ => StubHandler.Json(body));

        (await Should.ThrowAsync<UpstreamFailed>(Provider(vendor).DiscoverAsync(CancellationToken.None))).Kind.ShouldBe(UpstreamFailure.InvalidResponse);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0.2", 1)]
    [InlineData("-5", 1)]
    [InlineData("999999", 3600)]
    [InlineData("Wed, 01 Jan 2025 00:01:00 GMT", 60)]
    [InlineData("soon", null)]
    public async Task The_wait_the_vendor_asks_for_is_understood_and_bounded(string given, int? seconds)
    {
        using var vendor = new StubHandler(_ =>
        {
            var response = StubHandler.Json("{}", HttpStatusCode.TooManyRequests);
            response.Headers.TryAddWithoutValidation("retry-after", given);
            return response;
        });

        var failure = await Should.ThrowAsync<UpstreamFailed>(Provider(vendor).DiscoverAsync(CancellationToken.None));

        failure.Kind.ShouldBe(UpstreamFailure.RateLimited);
        failure.RetryAfter.ShouldBe(seconds is null ? null : TimeSpan.FromSeconds(seconds.Value));
    }

    [Theory]
    [InlineData(301, "", UpstreamFailure.InvalidResponse, "upstream_invalid_response")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context limit: 1 + 2 > 2"}}""", UpstreamFailure.Rejected, "context_length_exceeded")]
    [InlineData(400, """{"error":{"type":"invalid_request_error","message":"Your credit balance is too low"}}""", UpstreamFailure.Credentials, "upstream_billing")]
    [InlineData(402, """{"error":{"type":"billing_error","message":"x"}}""", UpstreamFailure.Credentials, "upstream_billing")]
    [InlineData(413, "<html>too large</html>", UpstreamFailure.Rejected, "request_too_large")]
    [InlineData(422, "no JSON", UpstreamFailure.Rejected, "upstream_rejected")]
    [InlineData(502, "<html>Bad gateway</html>", UpstreamFailure.ServerError, "upstream_error")]
    public async Task Whatever_status_comes_it_is_one_of_ours(int status, string body, UpstreamFailure kind, string code)
    {
        using var vendor = new StubHandler(_ => StubHandler.Json(body, (HttpStatusCode)status));

        var failure = await Should.ThrowAsync<UpstreamFailed>(Provider(vendor).Chat.CompleteAsync(Calls.Saying("Hi"), CancellationToken.None));

        (failure.Kind, failure.Code, failure.VendorStatus).ShouldBe((kind, code, status));
    }

    [Fact]
    public async Task A_vendor_that_repeats_the_key_does_not_make_us_repeat_it()
    {
        using var vendor = new StubHandler(_ => StubHandler.Json("""{"error":{"type":"invalid_request_error","message":"bad: sk-secret"}}""", HttpStatusCode.BadRequest));

        var failure = await Should.ThrowAsync<UpstreamFailed>(Provider(vendor).Chat.CompleteAsync(Calls.Saying("Hi"), CancellationToken.None));

        failure.Message.ShouldBe("bad: [key]");
    }

    [Fact]
    public async Task A_connect_timeout_is_not_taken_for_the_callers_cancellation()
    {
        using var vendor = new StubHandler(_ => throw new TaskCanceledException("A connection could not be established.", new TimeoutException()));

        (await Should.ThrowAsync<UpstreamFailed>(Provider(vendor).DiscoverAsync(CancellationToken.None))).Kind.ShouldBe(UpstreamFailure.Unreachable);
    }

    private static AnthropicProvider Provider(HttpMessageHandler handler, string? baseUrl = null) =>
        new("claude", new ProviderOptions { Type = "anthropic", ApiKey = "sk-secret", BaseUrl = baseUrl }, handler, new StoppedClock());

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
