using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Integration.Tests;

public sealed class ApiReferenceTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task The_document_describes_every_operation_with_examples()
    {
        var document = await DocumentAsync();

        document["openapi"]!.ToString().ShouldStartWith("3.1");
        var operations = OperationsOf(document).ToList();
        operations.Count.ShouldBeGreaterThan(30);
        foreach (var (name, operation) in operations)
        {
            operation["operationId"].ShouldNotBeNull(name);
            operation["summary"]?.ToString().ShouldNotBeNullOrWhiteSpace(name);
            operation["description"]?.ToString().ShouldNotBeNullOrWhiteSpace(name);
            operation["security"].ShouldNotBeNull(name);
            if (operation["requestBody"] is { } body) ShouldHaveExamples(body["content"]!, $"{name}, request");
            // 101: a WebSocket opens.
            var success = operation["responses"]!.AsObject().First(response => response.Key.StartsWith('2') || response.Key == "101");
            if (success.Key != "204") ShouldHaveExamples(success.Value!["content"]!, $"{name}, response");
        }
    }

    [Fact]
    public async Task Every_reference_in_the_document_leads_somewhere()
    {
        var document = await DocumentAsync();

        var references = ValuesOf(document, "$ref").Distinct().ToList();
        references.Count.ShouldBeGreaterThan(50);
        references.Where(reference => Follow(document, reference) is null).ShouldBeEmpty();
    }

    [Fact]
    public async Task Errors_look_as_each_half_of_the_api_writes_them()
    {
        var responses = (await DocumentAsync())["components"]!["responses"]!;

        responses["Error401"]!["content"]!["application/json"]!["example"]!["error"]!["code"]!.ToString().ShouldBe("invalid_api_key");
        responses["Problem401"]!["content"]!["application/problem+json"]!["example"]!["code"]!.ToString().ShouldBe("invalid_api_key");
    }

    // Without a key: the reference is public.
    private async Task<JsonNode> DocumentAsync()
    {
        using var http = new HttpClient { BaseAddress = Platform.Address };
        return JsonNode.Parse(await http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), Ct))!;
    }

    private static IEnumerable<(string Name, JsonNode Operation)> OperationsOf(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key} {path.Key}", operation.Value);

    private static void ShouldHaveExamples(JsonNode content, string where)
    {
        foreach (var (type, media) in content.AsObject())
        {
            media!["schema"].ShouldNotBeNull($"{where}, {type}");
            (media["example"] ?? media["examples"]).ShouldNotBeNull($"{where}, {type}");
        }
    }

    private static IEnumerable<string> ValuesOf(JsonNode? node, string name) => node switch
    {
        JsonObject properties => properties.SelectMany(property =>
            property.Key == name && property.Value?.GetValueKind() is JsonValueKind.String ? [property.Value.ToString()] : ValuesOf(property.Value, name)),
        JsonArray items => items.SelectMany(item => ValuesOf(item, name)),
        _ => [],
    };

    private static JsonNode? Follow(JsonNode document, string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate((JsonNode?)document, (node, name) => node?[name]);
}
