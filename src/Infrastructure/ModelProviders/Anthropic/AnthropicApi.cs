using System.Net.Http.Headers;
using System.Text.Json;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>
/// Sends requests to the vendor and turns whatever goes wrong into the port's failures. Plain HTTP, because the official SDK (13.12) is
/// bound to API version 2026-10-21, which has no temperature or top_p for any model, and because it takes a stream cut between two events
/// for a whole one. Nothing here has a timeout of its own: those are the caller's, by its token.
/// </summary>
internal sealed class AnthropicApi(string provider, ProviderOptions options, HttpMessageHandler handler, TimeProvider clock)
{
    /// <summary>Keeps its parameters for good, and is what compatible servers speak.</summary>
    private const string ApiVersion = "2023-06-01";

    private const int LongestErrorBody = 64 * 1024;
    private readonly string _root = Root(options.BaseUrl);

    public FailureMapper Failures { get; } = new(provider, options.ApiKey?.Trim(), clock);

    /// <summary>Returns once the headers of a successful answer are there; its body is still to be read.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, _root + path);
        request.Headers.TryAddWithoutValidation("anthropic-version", ApiVersion);
        if (options.ApiKey?.Trim() is { Length: > 0 } key) request.Headers.TryAddWithoutValidation("x-api-key", key);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        // Not an HttpClient, which would buffer whole bodies and time out by itself.
        using var http = new HttpMessageInvoker(handler, disposeHandler: false);
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode) return response;
            throw Failures.FromStatus((int)response.StatusCode, response.Headers, await ReadErrorAsync(response, cancellationToken));
        }
        catch (Exception exception)
        {
            response?.Dispose();
            throw Failures.FromException(exception, started: response is not null, cancellationToken);
        }
    }

    /// <summary>Sends, and reads the answer as one JSON object.</summary>
    public async Task<JsonElement> ReadObjectAsync(HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, body, cancellationToken);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Failures.InvalidResponse();
        }
        catch (Exception exception)
        {
            throw Failures.FromException(exception, started: true, cancellationToken);
        }
    }

    /// <summary>The vendor's account of an error. Proxies before it answer with anything, so what cannot be read is no further failure.</summary>
    private static async Task<JsonElement?> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[LongestErrorBody];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return JsonElement.Parse(buffer.AsSpan(0, length)).Object("error");
        }
        catch (Exception exception) when (exception is JsonException or IOException or HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The vendor's own convention leaves <c>/v1</c> out of the base URL, that of OpenAI-compatible servers has it in; both are meant.</summary>
    private static string Root(string? baseUrl)
    {
        var root = (string.IsNullOrWhiteSpace(baseUrl) ? "https://api.anthropic.com" : baseUrl.Trim()).TrimEnd('/');
        return root.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? root : root + "/v1";
    }
}
