using System.Text;
using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Infrastructure.ModelProviders;
using AiPlatform.Infrastructure.ModelProviders.OpenAi;
using AiPlatform.Testing;

namespace AiPlatform.Application.Tests.Inference.OpenAi;

public sealed class OpenAiFailuresTests
{
    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData(400, UpstreamFailure.Rejected, "upstream_rejected")]
    [InlineData(404, UpstreamFailure.ModelNotFound, "model_not_found")]
    [InlineData(408, UpstreamFailure.Timeout, "upstream_timeout")]
    [InlineData(409, UpstreamFailure.Rejected, "upstream_rejected")]
    [InlineData(422, UpstreamFailure.Rejected, "upstream_rejected")]
    [InlineData(429, UpstreamFailure.RateLimited, "rate_limit_exceeded")]
    [InlineData(500, UpstreamFailure.ServerError, "upstream_error")]
    [InlineData(502, UpstreamFailure.ServerError, "upstream_error")]
    [InlineData(503, UpstreamFailure.Overloaded, "upstream_overloaded")]
    [InlineData(529, UpstreamFailure.Overloaded, "upstream_overloaded")]
    [InlineData(302, UpstreamFailure.InvalidResponse, "upstream_error")]
    public void A_status_says_what_happened_where_the_body_does_not(int status, UpstreamFailure kind, string code)
    {
        var failure = From(status, "<html>Bad gateway</html>");
        (failure.Kind, failure.Code, failure.VendorStatus).ShouldBe((kind, code, status));
        failure.Message.ShouldBe($"The provider 'acme' answered with status {status}.");
    }

    [Theory]
    [InlineData("""{"error":{"message":"Too long.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""", "Too long.", "context_length_exceeded", "messages")]
    [InlineData("""{"error":{"message":"Too long.","type":"context_length_exceeded"}}""", "Too long.", "context_length_exceeded", null)]
    [InlineData("""{"error":{"message":"Too long.","type":"invalid_request_error","code":400,"param":{"a":1}}}""", "Too long.", "upstream_rejected", null)]
    [InlineData("""[{"error":{"code":400,"message":"Gemini says no.","status":"INVALID_ARGUMENT"}}]""", "Gemini says no.", "upstream_rejected", null)]
    [InlineData("""{"error":"model 'x' does not support tools"}""", "model 'x' does not support tools", "upstream_rejected", null)]
    [InlineData("""{"object":"error","message":"vLLM says no.","code":null,"param":"n"}""", "vLLM says no.", "upstream_rejected", "n")]
    [InlineData("""{"detail":"Not like this."}""", "Not like this.", "upstream_rejected", null)]
    [InlineData("""{"error":{"message":""}}""", "The provider 'acme' answered with status 400.", "upstream_rejected", null)]
    [InlineData("[]", "The provider 'acme' answered with status 400.", "upstream_rejected", null)]
    [InlineData("null", "The provider 'acme' answered with status 400.", "upstream_rejected", null)]
    [InlineData("", "The provider 'acme' answered with status 400.", "upstream_rejected", null)]
    [InlineData("{\"error\":{\"message\":\"\\udc00\"}}", "The provider 'acme' answered with status 400.", "upstream_rejected", null)]
    public void Envelopes_of_many_servers_are_understood(string body, string message, string code, string? param)
    {
        var failure = From(400, body);
        (failure.Message, failure.Code, failure.Param).ShouldBe((message, code, param));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public void A_refused_key_is_the_operators_business_and_the_vendors_words_stay_here(int status)
    {
        var failure = From(status, """{"error":{"message":"Incorrect API key provided: sk-abc123.","code":"invalid_api_key"}}""");
        (failure.Kind, failure.Code, failure.VendorStatus).ShouldBe((UpstreamFailure.Credentials, "upstream_credentials", status));
        failure.Message.ShouldContain("OPENAI_API_KEY");
        failure.Message.ShouldContain("Inference__Providers__acme__ApiKey");
        failure.Message.ShouldNotContain("sk-abc123");
    }

    [Fact]
    public void A_used_up_quota_keeps_its_code() =>
        From(429, """{"error":{"message":"You exceeded your current quota.","type":"insufficient_quota","code":null}}""").Code.ShouldBe("insufficient_quota");

    [Fact]
    public void A_very_long_message_is_cut() => From(400, JsonSerializer.Serialize(new { error = new { message = new string('x', 5000) } })).Message.Length.ShouldBe(1000);

    [Fact]
    public void The_wait_the_vendor_asks_for_is_kept() => From(429, "{}", "7").RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("soon", null)]
    [InlineData("NaN", null)]
    [InlineData("0", 1.0)]
    [InlineData("-1", 1.0)]
    [InlineData("-1e300", 1.0)]
    [InlineData("2.5", 2.5)]
    [InlineData("3600", 3600.0)]
    [InlineData("3601", 3600.0)]
    [InlineData("99999999999", 3600.0)]
    [InlineData("1e300", 3600.0)]
    [InlineData("Fri, 02 Jan 2026 03:05:05 GMT", 60.0)]
    [InlineData("Fri, 02 Jan 2026 03:00:00 GMT", 1.0)]
    [InlineData("Sat, 02 Jan 2027 03:00:00 GMT", 3600.0)]
    public void A_wait_is_kept_within_reason(string? header, double? seconds) =>
        VendorErrors.RetryAfter(header, _clock).ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);

    private UpstreamFailed From(int status, string body, string? retryAfter = null) =>
        OpenAiFailures.FromResponse("acme", status, retryAfter, Encoding.UTF8.GetBytes(body), _clock);
}
