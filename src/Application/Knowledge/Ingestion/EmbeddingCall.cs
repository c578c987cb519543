using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Knowledge;
using Microsoft.Extensions.AI;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Calls one model. Where a number of dimensions is wanted it is asked for, but some models have one and refuse to hear of it.</summary>
internal sealed class EmbeddingCall(IEmbeddingGenerator<EmbeddingInput, Embedding<float>> generator, ModelDescriptor model, int? dimensions)
{
    // What vendors take in one request, and what is lost when one fails.
    private const int MostTexts = 64;
    private const int MostTokens = 50_000;

    private int? _asked = dimensions;

    public static async Task<EmbeddingCall> OpenAsync(
        IModelCatalogue catalogue, IEmbeddings embeddings, string id, int? dimensions, CancellationToken cancellationToken)
    {
        var model = await catalogue.FindAsync(id, cancellationToken)
            ?? throw new StepFailed($"The embedding model '{id}' of this vector store is not among the models of this server any more. The operator can configure it again; then retry.");
        var generator = embeddings.For(model) ?? throw new StepFailed($"The provider '{model.Provider}' of the model '{model.Id}' offers no embeddings.");
        var call = new EmbeddingCall(generator, model, dimensions);
        if (dimensions is { } wanted) call.Allow(wanted);
        return call;
    }

    /// <summary>Equal chunks together, and of these as many as a request takes.</summary>
    public static IEnumerable<List<List<UnembeddedChunk>>> BatchesOf(IEnumerable<UnembeddedChunk> chunks)
    {
        var (batch, tokens) = (new List<List<UnembeddedChunk>>(), 0);
        foreach (var equal in chunks.GroupBy(chunk => Convert.ToHexString(chunk.Hash)).Select(group => group.ToList()))
        {
            if (batch.Count > 0 && (batch.Count == MostTexts || tokens + equal[0].Tokens > MostTokens))
            {
                yield return batch;
                (batch, tokens) = ([], 0);
            }

            batch.Add(equal);
            tokens += equal[0].Tokens;
        }

        if (batch.Count > 0) yield return batch;
    }

    public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(texts, cancellationToken);
        }
        catch (UpstreamFailed e) when (_asked is not null && e.Kind is UpstreamFailure.Rejected)
        {
            _asked = null;
            return await AskAsync(texts, cancellationToken);
        }
    }

    /// <summary>This many dimensions, unless they are too many for the index.</summary>
    public int Allow(int given) => given <= VectorStore.MostDimensions ? given : throw new StepFailed(
        $"Vectors of {given} dimensions of the model '{model.Id}' cannot be indexed: {VectorStore.MostDimensions} are the most. Make a vector store with fewer dimensions, if the model can be asked for them, or with another model.");

    public StepFailed Mismatch(int given, int wanted) =>
        new($"The model '{model.Id}' gives vectors of {given} dimensions, but this vector store has vectors of {wanted}. Make a new vector store, or one with other dimensions.");

    private async Task<IReadOnlyList<ReadOnlyMemory<float>>> AskAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var options = new EmbeddingGenerationOptions { ModelId = model.UpstreamName, Dimensions = _asked };
        var generated = await generator.GenerateAsync(texts.Select(EmbeddingInput (text) => new EmbeddingInput.Text(text)), options, cancellationToken);
        if (generated.Count != texts.Count || generated.Any(embedding => embedding.Vector.IsEmpty || HasNoNumber(embedding.Vector.Span)))
            throw new UpstreamFailed(UpstreamFailure.InvalidResponse, "upstream_invalid_response", $"It answered {generated.Count} vectors for {texts.Count} texts, or some that are no vectors.");
        return [.. generated.Select(embedding => embedding.Vector)];
    }

    // Beyond what half precision can hold is none either.
    private static bool HasNoNumber(ReadOnlySpan<float> vector)
    {
        foreach (var value in vector)
            if (!(Math.Abs(value) <= 65504f)) return true;
        return false;
    }
}
