using System.Net.WebSockets;
using System.Text.Json;
using AiPlatform.Api.Auth;
using AiPlatform.Api.Edge;
using AiPlatform.Api.Errors;
using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Api.WebSockets;

/// <summary>What every connection needs of the server.</summary>
internal sealed record SocketServer(
    EdgeOptions Options, JsonSerializerOptions Json, IServiceScopeFactory Scopes, ResponseRuns Runs, TimeProvider Clock, ILogger<ResponsesSocket> Log);

/// <summary>
/// One connection in the WebSocket mode of responses: takes <c>response.create</c>, answers with the events of the response. When it ends, stored responses go
/// on and those that are not stored end with it.
/// </summary>
internal sealed partial class ResponsesSocket : IDisposable
{
    private const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;

    // How long answers may go on once the server is told to stop; runs are given away before.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(12);

    // How long a client may take to agree that the connection is closed.
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly WebSocket _socket;
    private readonly Credential _credential;
    private readonly IDisposable _seat;
    private readonly string _requestId;
    private readonly SocketServer _server;
    private readonly SocketReader _reader;
    private readonly SocketWriter _writer;
    private readonly SocketLanes _lanes;
    private readonly UnstoredResponses _unstored;
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationToken _gone;
    private Task? _closing;

    public ResponsesSocket(WebSocket socket, Credential credential, IDisposable seat, SocketServer server, string requestId)
    {
        var options = server.Options;
        (_socket, _credential, _seat, _server, _requestId, _gone) = (socket, credential, seat, server, requestId, _over.Token);
        _reader = new SocketReader(socket, options.MaxRequestBodyBytes);
        _writer = new SocketWriter(socket, options.WebSockets.SendTimeout, server.Clock);
        _lanes = new SocketLanes(options.WebSockets, options.MaxRequestBodyBytes, AnswerAsync);
        _unstored = new UnstoredResponses(options.WebSockets.MaxUnstoredBytes);
    }

    /// <summary>Ends when the connection has.</summary>
    public async Task RunAsync()
    {
        var opened = _server.Clock.GetTimestamp();
        await using (_server.Runs.Draining.UnsafeRegister(static socket => _ = ((ResponsesSocket)socket!).RestartAsync(), this))
        {
            while (await _reader.ReadAsync() is { Type: not WebSocketMessageType.Close } message)
                if (_closing is null) await TakeAsync(message);
        }

        await _over.CancelAsync();
        await _lanes.WhenIdleAsync();
        // In answer to the client; unless we began to close, or it is gone.
        await CloseAsync(WebSocketCloseStatus.NormalClosure, "");
        LogClosed(_server.Log, _server.Clock.GetElapsedTime(opened).TotalMilliseconds, (int?)_socket.CloseStatus, _requestId);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _reader.Dispose();
        _writer.Dispose();
        _over.Dispose();
        _seat.Dispose();
    }

    private async Task TakeAsync(SocketMessage message)
    {
        if (message.IsTooLarge)
        {
            await SendAsync(new ApiError(StatusCodes.Status413PayloadTooLarge, "request_too_large", "The message is larger than this server accepts (setting Edge:MaxRequestBodyBytes)."), null);
            _ = CloseAsync(WebSocketCloseStatus.MessageTooBig, "The message is too large.");
            return;
        }

        if (message.Type is WebSocketMessageType.Binary)
        {
            await SendAsync(ClientEvent.NoText(), null);
            return;
        }

        var request = ClientEvent.Read(message.Bytes.Span, _server.Json);
        if ((request.Error ?? _lanes.Add(request)) is { } error) await SendAsync(error, request.Lane);
    }

    /// <summary>Answers one request to its end. Never throws.</summary>
    private async Task AnswerAsync(ClientEvent request)
    {
        using var scope = _server.Log.BeginScope(new Dictionary<string, object> { [RequestLog.ScopeName] = _requestId });
        var started = _server.Clock.GetTimestamp();
        var (status, code) = (StatusCodes.Status200OK, (string?)null);
        try
        {
            var ending = SocketLanes.EndingOf(request.Lane);
            var response = await StartAsync(request.Body!);
            await foreach (var @event in response.FollowAsync(_gone))
            {
                if (@event.Type == "error") throw FailedOutsideOfRun(@event.Json);
                await _writer.SendAsync(@event.Json, ending);
            }
        }
        catch (Exception e) when (e is SocketGone || _gone.IsCancellationRequested)
        {
            // What nginx calls a client that did not wait for the answer.
            status = 499;
        }
        catch (Exception e)
        {
            var error = ApiError.From(e);
            (status, code) = (error.Status, error.Code);
            if (error.IsUnexpected) LogUnexpected(_server.Log, e);
            await SendAsync(error, request.Lane);
            if (e is Unauthenticated) _ = CloseAsync(WebSocketCloseStatus.PolicyViolation, "The credential of this connection is not valid any more.");
        }

        LogAnswered(_server.Log, status, _server.Clock.GetElapsedTime(started).TotalMilliseconds, code);
    }

    private async Task<StartedResponse> StartAsync(CreateResponseRequest body)
    {
        // Of those that waited for their turn, nobody waits any more.
        _gone.ThrowIfCancellationRequested();
        await using var scope = _server.Scopes.CreateAsyncScope();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var caller = await _credential.RecogniseAsync(mediator, _gone) ?? throw (_credential.IsCookie ? AuthErrors.SessionOver() : AuthErrors.UnknownKey());
        if (!caller.May(Scopes.Chat)) throw AuthErrors.MissingScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().Enter(caller);
        return await mediator.Send(new CreateResponse(body, IdempotencyKey: null, HungUp: _gone) { Unstored = _unstored }, _gone);
    }

    // Here it has another form than in an event stream.
    private static Unavailable FailedOutsideOfRun(ReadOnlyMemory<byte> @event)
    {
        var error = JsonElement.Parse(@event.Span);
        return new Unavailable(error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!);
    }

    private async Task SendAsync(ApiError error, string? lane)
    {
        try
        {
            await _writer.SendAsync(ErrorWriter.SocketEvent(error), SocketLanes.EndingOf(lane));
        }
        catch (SocketGone)
        {
            // There is nobody to tell.
        }
    }

    /// <summary>The server is about to stop: answers may end, then the client is to connect again.</summary>
    private async Task RestartAsync()
    {
        await Task.WhenAny(_lanes.WhenIdleAsync(), Task.Delay(Grace, _server.Clock, _gone));
        await CloseAsync(ServiceRestart, "The server restarts. Connect again.");
    }

    /// <summary>
    /// Closes; only the first reason counts. What is on the way to us meanwhile is not answered any more, until the client agrees or has had time to.
    /// </summary>
    private Task CloseAsync(WebSocketCloseStatus status, string why)
    {
        lock (_writer) return _closing ??= Task.Run(() => CloseForReasonAsync(status, why));
    }

    private async Task CloseForReasonAsync(WebSocketCloseStatus status, string why)
    {
        try
        {
            await _writer.CloseAsync(status, why);
            await Task.Delay(CloseTimeout, _server.Clock, _gone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (SocketGone)
        {
            // Then it is closed.
        }

        if (!_gone.IsCancellationRequested) _socket.Abort();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Socket closed after {DurationMs} ms")]
    private static partial void LogClosed(ILogger log, double durationMs, int? closeStatus, string requestId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Socket request {Status} in {DurationMs} ms")]
    private static partial void LogAnswered(ILogger log, int status, double durationMs, string? errorCode);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure of a socket request")]
    private static partial void LogUnexpected(ILogger log, Exception exception);
}
