using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.Integration.Tests.Conformance;

/// <summary>Checks answers of the running application against the API's own document.</summary>
public abstract class ConformanceTest(Platform platform) : PlatformTest(platform)
{
    protected const string Offline = "offline";

    protected static TheoryData<string, string> EachModel(IEnumerable<string> names, params string[] models)
    {
        var data = new TheoryData<string, string>();
        foreach (var name in names)
            foreach (var model in models) data.Add(model, name);
        return data;
    }

    /// <summary>A request body: JSON text, with the model, and whatever else is given.</summary>
    protected static JsonObject Body(string json, string model, params (string Name, JsonNode? Value)[] more)
    {
        var body = JsonNode.Parse(json)!.AsObject();
        body["model"] = model;
        foreach (var (name, value) in more) body[name] = value;
        return body;
    }

    protected async Task<JsonElement> PostAsync(string path, JsonNode? body, string schema) => (await Api.PostAsync(path, body?.ToJsonString(), Ct)).Ok.ShouldBe(schema);

    protected async Task<JsonElement> GetAsync(string path, string schema) => (await Api.GetAsync(path, Ct)).Ok.ShouldBe(schema);
}
