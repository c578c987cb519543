using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.AI;

namespace AiPlatform.Infrastructure.ModelProviders.OpenAi;

internal sealed class OpenAiProvider(OpenAiConnection connection, TimeProvider clock) : IModelProvider
{
    public string Name => connection.Provider;

    public IChatModel Chat { get; } = new OpenAiChatModel(connection, clock);

    public IEmbeddingGenerator<EmbeddingInput, Embedding<float>>? Embeddings { get; } = new OpenAiEmbeddings(connection, clock);

    public IReranker? Reranker { get; } = connection.IsOpenAi ? null : new OpenAiReranker(connection, clock);

    public async Task<IReadOnlyList<ModelDescriptor>> DiscoverAsync(CancellationToken cancellationToken)
    {
        try
        {
            var options = new RequestOptions { ErrorOptions = ClientErrorBehaviors.NoThrow, CancellationToken = cancellationToken };
            var response = (await connection.Client.GetOpenAIModelClient().GetModelsAsync(options)).GetRawResponse();
            if (response.IsError)
            {
                response.Headers.TryGetValue("Retry-After", out var retryAfter);
                throw OpenAiFailures.FromResponse(Name, response.Status, retryAfter, response.Content, clock);
            }

            using var document = JsonDocument.Parse(response.Content);
            return [.. document.RootElement.GetProperty("data").EnumerateArray().Select(ToDescriptor)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw VendorErrors.Garbage(Name, e);
        }
        catch (Exception e) when (e is not OperationCanceledException && VendorErrors.FromConnection(Name, e, started: false) is { } failure)
        {
            throw failure;
        }
    }

    private ModelDescriptor ToDescriptor(JsonElement model)
    {
        var id = model.GetProperty("id").GetString()!;
        return new ModelDescriptor
        {
            Id = id,
            Provider = Name,
            UpstreamName = id,
            Created = model.TryGetProperty("created", out var created) && created.TryGetInt64(out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default,
            // vLLM and LM Studio tell the window; OpenAI does not.
            ContextWindow = Number(model, "max_model_len") ?? Number(model, "max_context_length") ?? Number(model, "context_length") ?? KnownModels.ContextWindowOf(id),
        };
    }

    private static int? Number(JsonElement model, string name) =>
        model.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0 ? number : null;
}
