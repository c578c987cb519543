using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>
/// Gives each chunk a vector of the store's model, in batches that are kept one by one, so that whoever goes on goes on behind the last. A chunk that the workspace has had embedded
/// before gets that vector.
/// </summary>
internal sealed class EmbedStep(IChunkStore store, IModelCatalogue catalogue, IEmbeddings embeddings, IIngestionLog log)
{
    private const int PageSize = 256;

    public async Task<ClaimedFile> RunAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        var call = await EmbeddingCall.OpenAsync(catalogue, embeddings, file.EmbeddingModel, file.Dimensions, cancellationToken);
        var count = await store.CountAsync(file, cancellationToken);
        var (done, agreed, after) = (count.Waiting, (int?)null, -1);
        while (done < count.Chunks && await store.NextWithoutVectorAsync(file, after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            after = page[^1].Ordinal;
            var known = (agreed ?? file.Dimensions) is { } dimensions
                ? await store.ReuseVectorsAsync(file, dimensions, [.. page.Select(chunk => chunk.Id)], cancellationToken)
                : new HashSet<long>();
            done += known.Count;
            foreach (var batch in EmbeddingCall.BatchesOf(page.Where(chunk => !known.Contains(chunk.Id))))
            {
                var vectors = await call.EmbedAsync([.. batch.Select(equal => equal[0].EmbeddedText)], cancellationToken);
                agreed ??= await AgreeAsync(file, call, vectors[0].Length, cancellationToken);
                if (vectors.FirstOrDefault(vector => vector.Length != agreed) is { Length: > 0 and var other }) throw call.Mismatch(other, agreed.Value);
                done += batch.Sum(equal => equal.Count);
                file = await store.SaveVectorsAsync(
                    file, [.. batch.Zip(vectors).SelectMany(pair => pair.First.Select(chunk => new ChunkVector(chunk.Id, pair.Second)))], Math.Min(1, (double)done / count.Chunks), cancellationToken);
            }
        }

        return file.Step is IngestionStep.Embed ? await log.BeginNextAsync(file, IngestionStep.Index, cancellationToken) : file;
    }

    private async Task<int> AgreeAsync(ClaimedFile file, EmbeddingCall call, int dimensions, CancellationToken cancellationToken)
    {
        // What a store has, it keeps.
        if (file.Dimensions == dimensions || await store.AgreeOnDimensionsAsync(file, call.Allow(dimensions), cancellationToken)) return dimensions;
        throw file.Dimensions is { } wanted
            ? call.Mismatch(dimensions, wanted)
            : new StepFailed($"The model '{file.EmbeddingModel}' now gives vectors of {dimensions} dimensions, other than those this vector store has. Make a new vector store for it.");
    }
}
