using System.Net.WebSockets;
using AiPlatform.Api.Auth;
using AiPlatform.Api.Errors;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using Microsoft.Extensions.Options;
using MvcJson = Microsoft.AspNetCore.Mvc.JsonOptions;

namespace AiPlatform.Api.WebSockets;

/// <summary>
/// The WebSocket mode of responses: <c>GET /v1/responses</c> as an upgrade. Whatever is wrong is said before the upgrade, in plain HTTP. What is accepted is
/// left to <see cref="SocketHost"/>.
/// </summary>
internal static class SocketEndpoint
{
    private const string Path = "v1/responses";
    private const string Version = "13";

    public static IServiceCollection AddResponsesSocket(this IServiceCollection services) => services
        .AddSingleton(provider => provider.GetRequiredService<EdgeOptions>().WebSockets)
        // Messages are read as bodies are.
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<SocketServer>(provider, provider.GetRequiredService<IOptions<MvcJson>>().Value.JsonSerializerOptions))
        .AddSingleton<SocketSeats>();

    // Over HTTP/2 a WebSocket begins with CONNECT. Neither method has a use of its own here.
    public static void MapResponsesSocket(this WebApplication app) => app
        .MapMethods(Path, [HttpMethods.Get, HttpMethods.Connect], OpenAsync)
        .RequireAuthorization(Scopes.Chat)
        .ExcludeFromDescription();

    private static Task OpenAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest) return ServeAsync(context);
        return context.Request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase) ? RefuseHandshakeAsync(context) : RefuseMethod(context);
    }

    private static async Task ServeAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var server = services.GetRequiredService<SocketServer>();
        if (server.Runs.Draining.IsCancellationRequested) throw new Unavailable("shutting_down", "This server is shutting down. Connect again: another one, or the same in a moment, answers.", TimeSpan.FromSeconds(1));
        var seat = services.GetRequiredService<SocketSeats>().Take(services.GetRequiredService<CallerContext>().Current);
        try
        {
            var options = server.Options.WebSockets;
            Task<WebSocket> accepting;
            // Its timer must not remember this request for as long as it runs.
            using (ExecutionContext.SuppressFlow())
                accepting = context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = options.PingInterval, KeepAliveTimeout = options.PingTimeout });
            var socket = await accepting;
            context.Features.Set(new ResponsesSocket(socket, Credential.Of(context.Request)!, seat, server, context.TraceIdentifier));
        }
        catch
        {
            seat.Dispose();
            throw;
        }
    }

    private static Task RefuseHandshakeAsync(HttpContext context)
    {
        var version = context.Request.Headers.SecWebSocketVersion.ToString();
        if (version == Version)
            return ErrorWriter.WriteAsync(context, new ApiError(StatusCodes.Status400BadRequest, "invalid_upgrade", "This is no valid WebSocket handshake. It must be a GET with Connection: Upgrade and a Sec-WebSocket-Key of 16 bytes; proxies on the way must pass these headers on."));
        context.Response.Headers.SecWebSocketVersion = Version;
        return ErrorWriter.WriteAsync(context, new ApiError(StatusCodes.Status426UpgradeRequired, "invalid_upgrade", $"Only version {Version} of the WebSocket protocol is understood."));
    }

    private static Task RefuseMethod(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = HttpMethods.Post;
        return Task.CompletedTask;
    }
}
