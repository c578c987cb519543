using System.Buffers.Binary;
using System.Text.Json;
using OpenAI.Embeddings;

namespace AiPlatform.Integration.Tests;

public sealed class EmbeddingTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private const string Model = "fake-embedding";

    [Fact]
    public async Task The_sdk_embeds_one_text_and_many()
    {
        var client = Platform.Sdk().GetEmbeddingClient(Model);
        OpenAIEmbedding one = await client.GenerateEmbeddingAsync("some text", cancellationToken: Ct);
        one.ToFloats().ToArray().ShouldBe(FakeEmbedding.For("some text", one.ToFloats().Length));

        OpenAIEmbeddingCollection many = await client.GenerateEmbeddingsAsync(["first", "second", "third"], new EmbeddingGenerationOptions { Dimensions = 64 }, Ct);
        many.Select(embedding => embedding.Index).ShouldBe([0, 1, 2]);
        many[1].ToFloats().ToArray().ShouldBe(FakeEmbedding.For("second", 64));
        many.Usage.TotalTokenCount.ShouldBeGreaterThan(0);
        many.Model.ShouldBe(Model);
    }

    [Fact]
    public async Task Base64_and_floats_are_the_same_numbers()
    {
        var floats = (await EmbedAsync(new { model = Model, input = "same", encoding_format = "float", dimensions = 32 }))[0].EnumerateArray().Select(number => number.GetSingle()).ToArray();
        var base64 = (await EmbedAsync(new { model = Model, input = "same", encoding_format = "base64", dimensions = 32 }))[0].GetBytesFromBase64();

        floats.Length.ShouldBe(32);
        base64.Length.ShouldBe(32 * sizeof(float));
        Enumerable.Range(0, 32).Select(i => BinaryPrimitives.ReadSingleLittleEndian(base64.AsSpan(i * sizeof(float)))).ShouldBe(floats);
    }

    [Theory]
    [InlineData("[15339, 1917]", 1)]
    [InlineData("[[15339, 1917], [1917]]", 2)]
    [InlineData("[\"a\", \"b\", \"c\"]", 3)]
    [InlineData("\"a\"", 1)]
    public async Task Every_form_of_input_is_taken(string input, int count)
    {
        foreach (var model in new[] { Model, "offline-embedding" })
        {
            var reply = (await Api.PostAsync("v1/embeddings", $$"""{"model":"{{model}}","input":{{input}}}""", Ct)).Ok;
            reply.GetProperty("object").GetString().ShouldBe("list");
            reply.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("index").GetInt32()).ShouldBe(Enumerable.Range(0, count));
        }
    }

    [Theory]
    [InlineData("""{"model":"fake-embedding"}""", "input")]
    [InlineData("""{"model":"fake-embedding","input":""}""", "input")]
    [InlineData("""{"model":"fake-embedding","input":[]}""", "input")]
    [InlineData("""{"model":"fake-embedding","input":["a",""]}""", "input")]
    [InlineData("""{"model":"fake-embedding","input":["a",7]}""", "input")]
    [InlineData("""{"model":"fake-embedding","input":[-1]}""", "input")]
    [InlineData("""{"model":"fake-embedding","input":{"text":"a"}}""", "input")]
    [InlineData("""{"model":"fake-embedding","input":"a","encoding_format":"hex"}""", "encoding_format")]
    [InlineData("""{"model":"fake-embedding","input":"a","dimensions":0}""", "dimensions")]
    [InlineData("""{"input":"a"}""", "model")]
    public async Task Bad_requests_are_refused_by_name(string body, string param)
    {
        var reply = await Api.PostAsync("v1/embeddings", body, Ct);

        reply.Status.ShouldBe(400, reply.Text);
        reply.Param.ShouldBe(param);
    }

    [Fact]
    public async Task A_model_whose_vendor_has_no_embeddings_is_a_400()
    {
        var reply = await Api.PostAsync("v1/embeddings", new { model = Vendors.Anthropic, input = "a" }, Ct);

        reply.Status.ShouldBe(400);
        reply.Param.ShouldBe("model");
        reply.Code.ShouldBe("unsupported_model");
    }

    [Theory]
    [InlineData("status=429 retry-after=7", 429, "rate_limit_exceeded")]
    [InlineData("status=500", 502, "upstream_error")]
    [InlineData("status=401", 502, "upstream_credentials")]
    [InlineData("garbage=headers", 502, "upstream_invalid_response")]
    public async Task A_vendor_that_fails_ends_in_the_status_that_fits(string directive, int status, string code)
    {
        var reply = await Api.PostAsync("v1/embeddings", new { model = Model, input = $"[[fake {directive}]]" }, Ct);

        reply.Status.ShouldBe(status, reply.Text);
        reply.Code.ShouldBe(code);
        reply.Text.ShouldNotContain(Platform.OpenAiSecret);
        if (status == 429) reply.Header("Retry-After").ShouldBe("7");
    }

    private async Task<List<JsonElement>> EmbedAsync(object body) =>
        [.. (await Api.PostAsync("v1/embeddings", body, Ct)).Ok.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("embedding"))];
}
