using System.Text;
using System.Text.Json;

namespace AiPlatform.Testing;

/// <summary>Plain HTTP to the application, for what the SDK cannot express. Bodies are anonymous objects, named as the API names things, or JSON text.</summary>
public sealed class ApiClient(HttpClient http) : IDisposable
{
    public HttpClient Http => http;

    public Task<Reply> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<Reply> PostAsync(string path, object? body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, path, body, cancellationToken);

    public Task<Reply> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, null, cancellationToken);

    public async Task<Reply> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = Content(body) };
        return await SendAsync(request, cancellationToken);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await http.SendAsync(request, cancellationToken);
        return new Reply((int)response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Posts, and returns as soon as the headers of the answer are there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(body) };
        return await OpenAsync(request, cancellationToken);
    }

    public Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>Posts, and reads all events of the stream that answers.</summary>
    public async Task<List<SseBlock>> StreamAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(path, body, cancellationToken);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"Status {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        return await Sse.ReadToEndAsync(response, cancellationToken);
    }

    public void Dispose() => http.Dispose();

    public static StringContent? Content(object? body) =>
        body is null ? null : new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
}
