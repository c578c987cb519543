using System.Globalization;
using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.AI;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>Anthropic, or a server that speaks its Messages API.</summary>
internal sealed class AnthropicProvider(string name, ProviderOptions options, HttpMessageHandler handler, TimeProvider clock) : IModelProvider
{
    private const int MostPages = 50;
    private readonly AnthropicApi _api = new(name, options, handler, clock);

    public string Name => name;

    public IChatModel Chat => field ??= new AnthropicChatModel(_api, clock);

    public IEmbeddingGenerator<EmbeddingInput, Embedding<float>>? Embeddings => null;

    public IReranker? Reranker => null;

    public async Task<IReadOnlyList<ModelDescriptor>> DiscoverAsync(CancellationToken cancellationToken)
    {
        var models = new List<ModelDescriptor>();
        var after = "";
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = await _api.ReadObjectAsync(HttpMethod.Get, $"/models?limit=1000{after}", null, cancellationToken);
            if (!page.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) throw _api.Failures.InvalidResponse();
            models.AddRange(data.EnumerateArray().Where(model => model.Text("lifecycle") != "retired").Select(Describe).OfType<ModelDescriptor>());
            if (!page.TryGetProperty("has_more", out var more) || more.ValueKind != JsonValueKind.True || page.Text("last_id") is not { } last) break;
            after = $"&after_id={Uri.EscapeDataString(last)}";
        }

        return models;
    }

    private ModelDescriptor? Describe(JsonElement model) => model.Text("id") is not { Length: > 0 } id ? null : new ModelDescriptor
    {
        Id = id,
        Provider = name,
        UpstreamName = id,
        Created = DateTimeOffset.TryParse(model.Text("created_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var created) ? created : default,
        ContextWindow = model.Number("max_input_tokens"),
        MaxOutputTokens = model.Number("max_tokens"),
        TakesPrefill = KnownModels.TakesPrefill(id),
    };
}
