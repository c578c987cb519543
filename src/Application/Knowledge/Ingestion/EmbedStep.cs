using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Knowledge;
using Microsoft.Extensions.AI;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>
/// Gives each chunk a vector of the store's model, in batches that are kept one by one, so that whoever goes on goes on behind the last. A chunk that the workspace has had embedded
/// before gets that vector.
/// </summary>
internal sealed class EmbedStep(IChunkStore store, IModelCatalogue catalogue, IEmbeddings embeddings, IIngestionLog log)
{
    private const int PageSize = 256;

    // What vendors take in one request, and what is lost when one fails.
    private const int MostTexts = 64;
    private const int MostTokens = 50_000;

    public async Task<ClaimedFile> RunAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        var model = await catalogue.FindAsync(file.EmbeddingModel, cancellationToken)
            ?? throw new StepFailed($"The embedding model '{file.EmbeddingModel}' of this vector store is not among the models of this server any more. The operator can configure it again; then retry.");
        var generator = embeddings.For(model) ?? throw new StepFailed($"The provider '{model.Provider}' of the model '{model.Id}' offers no embeddings.");
        if (file.Dimensions > VectorStore.MostDimensions) throw TooManyDimensions(model, file.Dimensions.Value);
        var call = new EmbeddingCall(generator, model, file.Dimensions);

        var count = await store.CountAsync(file, cancellationToken);
        var (done, agreed, after) = (count.Waiting, (int?)null, -1);
        while (done < count.Chunks && await store.NextWithoutVectorAsync(file, after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            after = page[^1].Ordinal;
            var known = (agreed ?? file.Dimensions) is { } dimensions
                ? await store.ReuseVectorsAsync(file, dimensions, [.. page.Select(chunk => chunk.Id)], cancellationToken)
                : new HashSet<long>();
            done += known.Count;
            foreach (var batch in BatchesOf(page.Where(chunk => !known.Contains(chunk.Id))))
            {
                var vectors = await call.EmbedAsync([.. batch.Select(equal => equal[0].EmbeddedText)], cancellationToken);
                agreed ??= await AgreeAsync(file, model, vectors[0].Length, cancellationToken);
                if (vectors.FirstOrDefault(vector => vector.Length != agreed) is { Length: > 0 and var other }) throw Mismatch(model, other, agreed.Value);
                done += batch.Sum(equal => equal.Count);
                file = await store.SaveVectorsAsync(
                    file, [.. batch.Zip(vectors).SelectMany(pair => pair.First.Select(chunk => new ChunkVector(chunk.Id, pair.Second)))], Math.Min(1, (double)done / count.Chunks), cancellationToken);
            }
        }

        return file.Step is IngestionStep.Embed ? await log.BeginNextAsync(file, IngestionStep.Index, cancellationToken) : file;
    }

    /// <summary>Equal chunks together, and of these as many as a request takes.</summary>
    private static IEnumerable<List<List<UnembeddedChunk>>> BatchesOf(IEnumerable<UnembeddedChunk> chunks)
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

    private async Task<int> AgreeAsync(ClaimedFile file, ModelDescriptor model, int dimensions, CancellationToken cancellationToken)
    {
        if (dimensions > VectorStore.MostDimensions) throw TooManyDimensions(model, dimensions);
        // What a store has, it keeps.
        if (file.Dimensions == dimensions || await store.AgreeOnDimensionsAsync(file, dimensions, cancellationToken)) return dimensions;
        throw file.Dimensions is { } wanted
            ? Mismatch(model, dimensions, wanted)
            : new StepFailed($"The model '{model.Id}' now gives vectors of {dimensions} dimensions, other than those this vector store has. Make a new vector store for it.");
    }

    private static StepFailed Mismatch(ModelDescriptor model, int given, int wanted) =>
        new($"The model '{model.Id}' gives vectors of {given} dimensions, but this vector store has vectors of {wanted}. Make a new vector store, or one with other dimensions.");

    private static StepFailed TooManyDimensions(ModelDescriptor model, int given) => new(
        $"Vectors of {given} dimensions of the model '{model.Id}' cannot be indexed: {VectorStore.MostDimensions} are the most. Make a vector store with fewer dimensions, if the model can be asked for them, or with another model.");
}
