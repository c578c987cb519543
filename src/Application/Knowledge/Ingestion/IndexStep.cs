using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Brings the words into the index of words, and moves the vectors into that of their dimensions, slice by slice. Nobody sees them there yet.</summary>
internal sealed class IndexStep(IChunkStore store, LexicalIndexing words, IIngestionLog log)
{
    private const int Slice = 200;

    public async Task<ClaimedFile> RunAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        var dimensions = file.Dimensions ?? throw new StepFailed("This vector store has no vectors, although its files were embedded.");
        await words.IndexAsync(file, cancellationToken);
        var (chunks, left) = await store.CountAsync(file, cancellationToken);
        while (left > 0)
        {
            left = Math.Max(left - Slice, 0);
            file = await store.MoveToIndexAsync(file, dimensions, Slice, left == 0 ? 1 : 1 - (double)left / Math.Max(chunks, left), cancellationToken);
        }

        return file.Step is IngestionStep.Index ? await log.BeginNextAsync(file, IngestionStep.Switch, cancellationToken) : file;
    }
}
