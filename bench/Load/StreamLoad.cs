using System.Buffers;
using System.Diagnostics;
using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench;

/// <summary>
/// Streams that all start at once, or <c>EveryMs</c> after each other. <c>DelayMs</c> 0 is as fast as possible; <c>Rounds</c> are one after the other.
/// </summary>
internal sealed record StreamLoad(Target Target, Api Api, int Streams, int Tokens, int DelayMs = 0, int Rounds = 1)
{
    private const int ReadBytes = 16 * 1024;

    public int EveryMs { get; init; }

    public async Task<Measured> RunAsync(CancellationToken cancellationToken)
    {
        var message = $"[[fake stamp tokens={Tokens} delay={DelayMs}]]";
        var body = Api == Api.Responses ? Target.ResponseBody(message) : Target.ChatBody(message, stream: true);
        await using var usage = new UsageMeter(Target.Server);
        var started = Stopwatch.GetTimestamp();
        var results = new List<(double FirstMs, StreamCheck Check)>();
        for (var round = 0; round < Rounds; round++)
            results.AddRange(await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => StreamAsync(stream, body, cancellationToken))));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Measured
        {
            Tokens = (long)Streams * Tokens * Rounds,
            Seconds = seconds,
            Usage = await usage.StopAsync(),
            FirstMs = new Percentiles([.. results.Select(result => result.FirstMs)]),
            LateMs = new Percentiles([.. results.SelectMany(result => result.Check.Late.ToArray()).Select(micro => micro / 1000.0)]),
        };
    }

    private async Task<(double FirstMs, StreamCheck Check)> StreamAsync(int stream, byte[] body, CancellationToken cancellationToken)
    {
        // Task.WhenAll over the streams shall not open them one after the other on one thread.
        await Task.Yield();
        if (EveryMs > 0) await Task.Delay(EveryMs * stream, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        double? first = null;
        var check = new StreamCheck(Target.Name, Api, Tokens);
        using var response = await Target.PostAsync(Api.Path, body, cancellationToken);
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        var length = 0;
        while (await content.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            length += read;
            var consumed = check.Read(buffer.AsSpan(0, length));
            length -= consumed;
            buffer.AsSpan(consumed, length).CopyTo(buffer);
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            if (first is null && check.HasStarted) first = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        check.RequireWhole();
        return (first!.Value, check);
    }
}
