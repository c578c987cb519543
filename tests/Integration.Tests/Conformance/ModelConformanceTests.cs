using System.Text.Json.Nodes;

namespace AiPlatform.Integration.Tests.Conformance;

public sealed class ModelConformanceTests(Platform platform) : ConformanceTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task The_list_of_models() => await GetAsync("v1/models", "ListModelsResponse");

    [Theory]
    [InlineData(Vendors.OpenAi)]
    [InlineData(Vendors.Anthropic)]
    [InlineData(Offline)]
    public async Task A_model(string model) => await GetAsync($"v1/models/{model}", "Model");

    [Theory]
    [InlineData("fake-embedding", "\"one\"")]
    [InlineData("fake-embedding", "[\"one\",\"two\"]")]
    [InlineData("fake-embedding", "[1,2,3]")]
    [InlineData("fake-embedding", "[[1,2],[3]]")]
    [InlineData("offline-embedding", "[\"one\",\"two\"]")]
    public async Task Embeddings(string model, string input) => await PostAsync("v1/embeddings", Body("{}", model, ("input", JsonNode.Parse(input))), "CreateEmbeddingResponse");
}
