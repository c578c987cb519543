using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Bench.Servers;

/// <summary>The least that ASP.NET Core can do: copies each request and each response, byte for byte, and looks at nothing.</summary>
internal static class Relay
{
    public static async Task RunAsync(int port, Uri upstream)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        await using var app = builder.Build();
        app.Run(http => CopyAsync(http, client, upstream));
        await app.RunAsync();
    }

    private static async Task CopyAsync(HttpContext http, HttpMessageInvoker client, Uri upstream)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri(upstream, http.Request.Path));
        if (http.Request.ContentLength is { } length)
        {
            request.Content = new StreamContent(http.Request.Body);
            request.Content.Headers.ContentLength = length;
            request.Content.Headers.TryAddWithoutValidation("Content-Type", http.Request.ContentType);
        }

        request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
        using var response = await client.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        http.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        http.Response.ContentLength = response.Content.Headers.ContentLength;
        try
        {
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client hung up.
        }
    }
}
