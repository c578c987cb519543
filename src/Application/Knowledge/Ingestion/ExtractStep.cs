using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Reads the text of the file, unless some other vector store has had it read already.</summary>
internal sealed class ExtractStep(IChunkStore store, IIngestionLog log, IFileStorage storage, IDocumentParser parser)
{
    public async Task<ClaimedFile> RunAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        if (await store.FindTextAsync(file, parser.Version, cancellationToken) is not null) return await log.BeginNextAsync(file, IngestionStep.Chunk, cancellationToken);
        await using var content = await storage.OpenAsync(file.StorageKey, cancellationToken) ?? throw new StepFailed("The content of this file is not in the storage any more. Upload it again.");
        var text = CleanText.Of(await parser.ParseAsync(content, file.Filename, cancellationToken));
        return await store.SaveTextAsync(
            file, FileText.Of(file.WorkspaceId, file.FileId, parser.Version, text.Pages is [.., var last] ? last.Number : 0, text.Text.Length, TextPayload.Pack(text)), cancellationToken);
    }
}
