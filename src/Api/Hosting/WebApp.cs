using Microsoft.AspNetCore.StaticFiles;

namespace AiPlatform.Api.Hosting;

/// <summary>Serves the built web app, its one page for every address that is the page's own, and the API reference at <c>/scalar</c>.</summary>
internal static class WebApp
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // Scalar writes its styles into the page and its icons into data: URLs. What it may load or call is ours alone.
    private const string ScalarContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // Names in licences have letters of many languages.
    private static readonly FileExtensionContentTypeProvider ContentTypes = new() { Mappings = { [".txt"] = "text/plain; charset=utf-8" } };

    private static readonly PathString Scalar = "/scalar";
    private static readonly PathString[] Reserved = ["/v1", "/api", "/health", "/openapi", "/scalar", "/ws"];

    public static void UseWebApp(this WebApplication app)
    {
        app.UseStaticFiles(new StaticFileOptions { OnPrepareResponse = context => AddHeaders(context.Context), ContentTypeProvider = ContentTypes });
        app.Use(ServePageAsync);
    }

    // Not an endpoint: a fallback route would answer for every method, and hide that an address exists for others.
    private static async Task ServePageAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        var isScalar = path == Scalar || path == "/scalar/";
        var page = context.RequestServices.GetRequiredService<IWebHostEnvironment>().WebRootFileProvider.GetFileInfo(isScalar ? "scalar/index.html" : "index.html");
        var isPageAddress = isScalar || !Reserved.Any(prefix => path.StartsWithSegments(prefix)) && !Path.HasExtension(path);
        if (context.GetEndpoint() is not null || !isPageAddress || !page.Exists || !HttpMethods.IsGet(context.Request.Method))
        {
            await next(context);
            return;
        }

        AddHeaders(context);
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.SendFileAsync(page, context.RequestAborted);
    }

    private static void AddHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(Scalar) ? ScalarContentSecurityPolicy : ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        // A browser looks up the hosts of links in advance: so an answer could tell a foreign name server something by a link that nobody follows.
        headers["X-DNS-Prefetch-Control"] = "off";
        // Built assets carry a hash in their names; the page itself must be asked for again.
        headers.CacheControl = context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache";
    }
}
