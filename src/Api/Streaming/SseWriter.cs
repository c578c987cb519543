using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using AiPlatform.Api.Errors;
using AiPlatform.Application.Common;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Streaming;

/// <summary>
/// Server-sent events onto the response's own pipe: pre-serialised bytes, one flush for all that is ready, a comment as heartbeat when nothing is.
/// <para>Until the first event (or the first heartbeat) nothing is sent, so that what fails before it still gets a proper status. What fails after it is
/// reported in-band by <paramref name="onError"/>, and the stream ends without any other terminal event.</para>
/// </summary>
internal sealed class SseResult(IAsyncEnumerable<WireEvent> events, Func<ApiError, WireEvent> onError) : IActionResult
{
    /// <summary>Sends the headers before the first event: for a stream that cannot be refused any more, and may be silent for long.</summary>
    public bool StartsAtOnce { get; init; }

    /// <summary>Ends, without a word, as soon as the server is told to stop: for a stream that its reader opens again.</summary>
    public bool EndsWithServer { get; init; }

    private const long MostUnflushed = 16 * 1024;

    private static readonly byte[] Heartbeat = ": keep-alive\n\n"u8.ToArray();

    public Task ExecuteResultAsync(ActionContext context)
    {
        var services = context.HttpContext.RequestServices;
        var stops = EndsWithServer ? services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping : CancellationToken.None;
        return WriteAsync(
            context.HttpContext, services.GetRequiredService<EdgeOptions>().Heartbeat, services.GetRequiredService<ShutdownGrace>(), services.GetRequiredService<ILogger<SseResult>>(), stops);
    }

    private async Task WriteAsync(HttpContext http, TimeSpan heartbeat, ShutdownGrace grace, ILogger log, CancellationToken stops)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stops, grace.IsOver);
        var aborted = ends.Token;
        await using var source = events.GetAsyncEnumerator(aborted);
        using var timer = new PeriodicTimer(heartbeat);
        Task<bool>? tick = null;
        Task<bool>? pending = null;
        var pipe = http.Response.BodyWriter;
        try
        {
            if (StartsAtOnce)
            {
                Start(http);
                await pipe.FlushAsync(aborted);
            }

            while (true)
            {
                var next = source.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    pending = next.AsTask();
                    if (pipe.UnflushedBytes > 0) await pipe.FlushAsync(aborted);
                    while (await Task.WhenAny(pending, tick ??= timer.WaitForNextTickAsync(aborted).AsTask()) != pending)
                    {
                        if (!await tick) break;
                        tick = null;
                        Start(http);
                        pipe.Write(Heartbeat);
                        await pipe.FlushAsync(aborted);
                    }

                    if (!await pending) break;
                }
                else if (!await next) break;

                Start(http);
                Write(pipe, source.Current);
                // A source that never pauses must not fill our memory when its reader is slow.
                if (pipe.UnflushedBytes > MostUnflushed) await pipe.FlushAsync(aborted);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The reader hung up, which ends the source too: the normal end of many a stream.
            return;
        }
        catch (OperationCanceledException) when (stops.IsCancellationRequested)
        {
            // What is written is sent below.
        }
        catch (OperationCanceledException) when (grace.IsOver.IsCancellationRequested)
        {
            Start(http);
            Write(pipe, onError(new ApiError(StatusCodes.Status503ServiceUnavailable, "shutting_down", "The server is shutting down. Send the request again.")));
        }
        catch (Exception e) when (http.Response.HasStarted || pipe.UnflushedBytes > 0)
        {
            var error = ApiError.From(e);
            http.Items[typeof(ApiError)] = error;
            if (error.IsUnexpected) SseLog.Unexpected(log, e);
            Write(pipe, onError(error));
        }
        finally
        {
            // A source that is at work cannot be disposed, and would never hear that nobody reads it any more: the model would go on for ever.
            await ends.CancelAsync();
            if (pending is not null) await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Start(http);
        await pipe.FlushAsync(http.RequestAborted);
    }

    private static void Start(HttpContext http)
    {
        if (http.Response.HasStarted || http.Response.ContentType is not null) return;
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache, no-store";
        // nginx would hold the stream back otherwise.
        http.Response.Headers["X-Accel-Buffering"] = "no";
    }

    private static void Write(PipeWriter pipe, WireEvent @event)
    {
        if (@event.Type is { } type)
        {
            pipe.Write("event: "u8);
            Encoding.UTF8.GetBytes(type.AsSpan(), pipe);
            pipe.Write("\n"u8);
        }

        if (@event.Sequence is { } sequence)
        {
            // What an EventSource sends back as Last-Event-ID.
            pipe.Write("id: "u8);
            Utf8Formatter.TryFormat(sequence, pipe.GetSpan(20), out var digits);
            pipe.Advance(digits);
            pipe.Write("\n"u8);
        }

        var rest = @event.Json.Span;
        while (true)
        {
            // A vendor's JSON may be laid out over several lines; each needs its own field name.
            var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
            pipe.Write("data: "u8);
            pipe.Write(end < 0 ? rest : rest[..end]);
            pipe.Write("\n"u8);
            if (end < 0) break;
            rest = rest[(end + (rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n' ? 2 : 1))..];
        }

        pipe.Write("\n"u8);
    }
}

internal static partial class SseLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure in mid-stream")]
    public static partial void Unexpected(ILogger log, Exception exception);
}
