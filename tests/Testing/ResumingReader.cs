using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Testing;

/// <summary>
/// A client as it should be: reads the events of one response over as many connections, and from as many servers, as it takes, each time from the last event it
/// has seen. As long as it has seen none, it repeats its request under one <c>Idempotency-Key</c>.
/// </summary>
/// <param name="server">Where its connection of this number, from 0, goes to.</param>
public sealed class ResumingReader(Func<int, ApiClient> server)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly List<(SseBlock Event, long At)> _seen = [];
    private readonly string _key = RandomNumberGenerator.GetHexString(32, lowercase: true);

    private Task _reading = Task.CompletedTask;

    public string? Id { get; private set; }

    /// <summary>How many connections it has opened.</summary>
    public int Connections { get; private set; }

    /// <summary>Says where it stopped by <c>Last-Event-ID</c>, as an <c>EventSource</c> does, instead of <c>starting_after</c>.</summary>
    public bool UsesHeader { get; init; }

    /// <summary>Asks over a WebSocket, and goes on by HTTP when that has broken.</summary>
    public bool BeginsBySocket { get; init; }

    /// <summary>Whether it drops the connection by itself, after this event.</summary>
    public Func<SseBlock, bool> HangsUpAfter { get; init; } = _ => false;

    public IReadOnlyList<SseBlock> Events
    {
        get
        {
            lock (_lock) return [.. _seen.Select(seen => seen.Event)];
        }
    }

    public string Text => string.Concat(Events.Where(IsText).Select(e => e.Json.GetProperty("delta").GetString()));

    /// <summary>The event that ended the response; null where none has come.</summary>
    public SseBlock? End => Events.FirstOrDefault(IsEnd);

    public static bool IsEnd(SseBlock e) => e.Event is "response.completed" or "response.incomplete" or "response.failed";

    public static bool IsText(SseBlock e) => e.Event == "response.output_text.delta";

    /// <summary>Sends the request, whose body asks for a stream, and reads to the end of the response.</summary>
    public Task ReadAsync(object body, CancellationToken cancellationToken) => _reading = ReadToEndAsync(body, cancellationToken);

    /// <summary>Waits until it has seen so many events.</summary>
    public async Task WaitForAsync(int events, CancellationToken cancellationToken)
    {
        while (Events.Count < events)
        {
            if (_reading.IsCompleted)
            {
                await _reading;
                throw new InvalidOperationException($"The response has ended after {Events.Count} events.");
            }

            await Task.Delay(10, cancellationToken);
        }
    }

    /// <summary>How long after a moment of <see cref="Stopwatch"/> text came again: the end of the longest silence that ended after it.</summary>
    public TimeSpan? SilenceAfter(long moment)
    {
        List<long> times;
        lock (_lock) times = [.. _seen.Where(seen => IsText(seen.Event)).Select(seen => seen.At)];
        var gaps = times.Zip(times.Skip(1)).Where(gap => gap.Second > moment).ToList();
        return gaps.Count == 0 ? null : Stopwatch.GetElapsedTime(moment, gaps.MaxBy(gap => gap.Second - gap.First).Second);
    }

    /// <summary>Whether a connection or a server has gone, which is nothing that a client must give up for.</summary>
    public static bool IsBroken(Exception e) => e is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException;

    private async Task ReadToEndAsync(object body, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(body);
        while (End is null)
        {
            try
            {
                await ConnectAsync(server(Connections++), json, cancellationToken);
            }
            catch (Exception e) when (IsBroken(e) && !cancellationToken.IsCancellationRequested)
            {
                // The server or the line is gone.
            }

            if (End is null) await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task ConnectAsync(ApiClient api, string body, CancellationToken cancellationToken)
    {
        if (BeginsBySocket && Id is null)
        {
            await AskBySocketAsync(api, body, cancellationToken);
            return;
        }

        using var request = Id is null ? Create(body) : Resume();
        using var response = await api.OpenAsync(request, cancellationToken);
        if ((int)response.StatusCode is 502 or 503 or 504) return;
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"Status {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        await foreach (var block in Sse.ReadAsync(response, cancellationToken))
        {
            if (block.Comment is not null) continue;
            if (!See(block)) return;
        }
    }

    private async Task AskBySocketAsync(ApiClient api, string body, CancellationToken cancellationToken)
    {
        using var socket = await SocketClient.ConnectAsync(api.Http.BaseAddress!, api.Http.DefaultRequestHeaders.Authorization!.Parameter, cancellationToken);
        var request = JsonNode.Parse(body)!;
        request["type"] = "response.create";
        await socket.SendAsync(request.ToJsonString(), cancellationToken);
        while (await socket.ReadTextAsync(cancellationToken) is { } text)
        {
            using var json = JsonDocument.Parse(text);
            var sequence = json.RootElement.GetProperty("sequence_number").GetInt64().ToString(CultureInfo.InvariantCulture);
            if (!See(new SseBlock(json.RootElement.GetProperty("type").GetString(), text, null) { Id = sequence }) || End is not null) return;
        }
    }

    /// <summary>Takes an event, and returns whether it reads on.</summary>
    private bool See(SseBlock block)
    {
        if (block.Event is null or "error") throw new InvalidOperationException($"An event that ends no response and continues none: {block.Event} {block.Data}");
        lock (_lock) _seen.Add((block, Stopwatch.GetTimestamp()));
        Id ??= block.Json.GetProperty("response").GetProperty("id").GetString();
        return !HangsUpAfter(block);
    }

    private HttpRequestMessage Create(string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses") { Content = ApiClient.Content(body) };
        request.Headers.Add("Idempotency-Key", _key);
        return request;
    }

    private HttpRequestMessage Resume()
    {
        var last = Events[^1].Json.GetProperty("sequence_number").GetInt64().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Get, $"v1/responses/{Id}?stream=true" + (UsesHeader ? "" : $"&starting_after={last}"));
        if (UsesHeader) request.Headers.Add("Last-Event-ID", last);
        return request;
    }
}
