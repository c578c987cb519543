using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace AiPlatform.Bench.Servers;

/// <summary>A way to the fake vendor: straight, or through a server that is measured.</summary>
internal sealed record Target(string Name, Uri Address, string Model)
{
    // What takes longer than this is broken, not slow.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(90);
    private static readonly HttpMessageInvoker Client = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(30) });

    /// <summary>Null where there is none in between.</summary>
    public ServerProcess? Server { get; init; }

    /// <summary>The product's.</summary>
    public Database? Database { get; init; }

    /// <summary>The product's.</summary>
    public ServerProbe? Probe { get; init; }

    /// <summary>The product's program.</summary>
    public string? Dll { get; init; }

    public byte[] ChatBody(string message, bool stream) =>
        JsonSerializer.SerializeToUtf8Bytes(new { model = Model, stream, messages = new[] { new { role = "user", content = message } } });

    public byte[] ResponseBody(string message) =>
        JsonSerializer.SerializeToUtf8Bytes(new { model = Model, stream = true, store = true, input = message });

    public Task<HttpResponseMessage> PostAsync(string path, byte[] body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(request, cancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path)), cancellationToken);

    /// <summary>
    /// Works until the runtime has compiled with optimisation what is measured, which on a busy machine takes many rounds: until four of them in a row are
    /// hardly cheaper than the best before.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var best = double.PositiveInfinity;
        var steady = 0;
        while (steady < 4 && Stopwatch.GetElapsedTime(started) < WarmUpLimit)
        {
            var measured = await new StreamLoad(this, Api.Chat, Streams: 64, Tokens: 250).RunAsync(cancellationToken);
            await new StreamLoad(this, Api.Chat, Streams: 100, Tokens: 25, DelayMs: 20).RunAsync(cancellationToken);
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => AskAsync(times: 20, cancellationToken)));
            var cost = measured.CpuPerMillion ?? 0;
            steady = cost >= best * 0.9 ? steady + 1 : 0;
            best = Math.Min(best, cost);
        }
    }

    private async Task AskAsync(int times, CancellationToken cancellationToken)
    {
        var body = ChatBody("[[fake tokens=20]]", stream: false);
        for (var i = 0; i < times; i++)
        {
            using var response = await PostAsync(Api.Chat.Path, body, cancellationToken);
            await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Servers.Key);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var response = await Client.SendAsync(request, limit.Token);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw new BrokenStream($"{Name} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(limit.Token)}");
    }
}
