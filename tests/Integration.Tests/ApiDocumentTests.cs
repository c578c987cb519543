using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests;

/// <summary>The OpenAPI document of what this server offers.</summary>
public sealed partial class ApiDocumentTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task It_needs_no_key_and_has_every_route_that_there_is()
    {
        using var anyone = Platform.Client(null);
        var document = (await anyone.GetAsync("openapi/v1.json", Ct)).Ok;

        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(operation => operation.Name is "get" or "post" or "put" or "patch" or "delete")
                .Select(operation => $"{operation.Name.ToUpperInvariant()} {Anonymous(path.Name.TrimStart('/'))}")).ToList();
        var real = Platform.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null)
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => $"{method} {Anonymous(endpoint.RoutePattern.RawText!)}")).ToList();

        real.Except(described).ShouldBeEmpty();
        real.Count.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Every_operation_says_what_it_is_and_how_it_ends()
    {
        var document = (await Api.GetAsync("openapi/v1.json", Ct)).Ok;
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(operation => operation.Value.ValueKind is JsonValueKind.Object && operation.Value.TryGetProperty("responses", out _)))
            {
                operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty($"{operation.Name} {path.Name}");
                operation.Value.GetProperty("responses").EnumerateObject().ShouldContain(response => response.Name.StartsWith('2') || response.Name == "101", $"{operation.Name} {path.Name}");
            }
        }
    }

    // {id}, {model} and {**model} are the same hole.
    private static string Anonymous(string path) => Hole().Replace(path, "{}");

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();
}
