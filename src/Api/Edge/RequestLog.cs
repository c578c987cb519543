using System.Diagnostics;
using AiPlatform.Api.Errors;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using Microsoft.AspNetCore.Diagnostics;

namespace AiPlatform.Api.Edge;

/// <summary>
/// Gives every request an id (the caller's own <c>x-request-id</c>, if it is a sane one), returns it, and writes one log line when the request is over.
/// The line names the route, never the query or the body.
/// </summary>
internal sealed partial class RequestLog(RequestDelegate next, TimeProvider clock, ILogger<RequestLog> log)
{
    public const string Header = "x-request-id";

    /// <summary>The name of the id in every log line of the request.</summary>
    public const string ScopeName = "request_id";

    private const int IdMaxLength = 128;

    public async Task InvokeAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        context.TraceIdentifier = Sane(context.Request.Headers[Header]) ?? "req_" + Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
        // At the last moment: an error answer starts by clearing all headers.
        context.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            http.Response.Headers[Header] = http.TraceIdentifier;
            return Task.CompletedTask;
        }, context);
        Activity.Current?.SetTag(ScopeName, context.TraceIdentifier);
        using var scope = log.BeginScope(new Dictionary<string, object> { [ScopeName] = context.TraceIdentifier });
        try
        {
            await next(context);
        }
        finally
        {
            if (!context.Request.Path.StartsWithSegments("/health")) Report(context, clock.GetElapsedTime(started));
        }
    }

    private void Report(HttpContext context, TimeSpan took)
    {
        var caller = context.RequestServices.GetRequiredService<CallerContext>();
        var error = context.Items[typeof(ApiError)] as ApiError;
        // Handling an exception takes the endpoint away, and remembers it.
        var endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
        // 499 is what nginx calls a client that did not wait for the answer.
        var status = context.RequestAborted.IsCancellationRequested ? 499 : context.Response.StatusCode;
        LogRequest(
            log, context.Request.Method, route, status, took.TotalMilliseconds, error?.Code, caller.WorkspaceId.ToWire());
    }

    private static string? Sane(string? id) =>
        id is { Length: > 0 and <= IdMaxLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? id : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Route} {Status} in {DurationMs} ms")]
    private static partial void LogRequest(
        ILogger log, string method, string route, int status, double durationMs, string? errorCode, string workspace);
}
