using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;

namespace AiPlatform.Api.WebSockets;

/// <summary>
/// Serves accepted WebSockets, outside of everything else: an idle connection shall hold none of what its handshake needed, neither the request's services nor
/// the pipeline that it went through.
/// </summary>
internal sealed class SocketHost(RequestDelegate next)
{
    private static readonly ClaimsPrincipal Nobody = new();

    public Task InvokeAsync(HttpContext context)
    {
        var mayUpgrade = context.Request.Headers.Upgrade.Count > 0 || HttpMethods.IsConnect(context.Request.Method);
        return mayUpgrade ? ServeAsync(context) : next(context);
    }

    private async Task ServeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch
        {
            context.Features.Get<ResponsesSocket>()?.Dispose();
            throw;
        }

        if (context.Features.Get<ResponsesSocket>() is not { } socket) return;
        using (socket)
        {
            await ForgetHandshakeAsync(context);
            Task running;
            using (ExecutionContext.SuppressFlow()) running = socket.RunAsync();
            await running;
        }
    }

    private static async Task ForgetHandshakeAsync(HttpContext context)
    {
        if (context.Features.Get<IServiceProvidersFeature>() is IAsyncDisposable services) await services.DisposeAsync();
        context.User = Nobody;
    }
}
