using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.AI;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Calls one model. Where a number of dimensions is wanted it is asked for, but some models have one and refuse to hear of it.</summary>
internal sealed class EmbeddingCall(IEmbeddingGenerator<EmbeddingInput, Embedding<float>> generator, ModelDescriptor model, int? dimensions)
{
    private int? _asked = dimensions;

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
