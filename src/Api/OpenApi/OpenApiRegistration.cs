using AiPlatform.Application.Common;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiPlatform.Api.OpenApi;

/// <summary>The description of every endpoint: <c>/openapi/v1.json</c>, which the page at <c>/scalar</c> shows. Public; it holds nothing secret.</summary>
internal static class OpenApiRegistration
{
    private const string Name = "v1";

    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        return services.AddOpenApi(Name, options =>
        {
            options.CreateSchemaReferenceId = type => OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace("View", "", StringComparison.Ordinal);
            options.AddOperationTransformer<OperationDescriber>();
            options.AddDocumentTransformer<DocumentDescriber>();
        });
    }

    public static void MapApiDocument(this WebApplication app)
    {
        // Written once: it does not change while the server runs, and anybody may ask for it.
        var document = new Lazy<Task<string>>(() => WriteAsync(app.Services));
        app.MapGet($"/openapi/{Name}.json", async context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.Headers.CacheControl = "no-cache";
            await context.Response.WriteAsync(await document.Value.WaitAsync(context.RequestAborted), context.RequestAborted);
        });
    }

    private static async Task<string> WriteAsync(IServiceProvider services)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(CancellationToken.None);
        return await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, CancellationToken.None);
    }
}
