using AiPlatform.Application.Knowledge.Chunking;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Cuts the text into chunks with their words, all in one transaction.</summary>
internal sealed class ChunkStep(IChunkStore store, IIngestionLog log, IDocumentParser parser, DocumentChunker chunker, TextAnalysis analysis)
{
    public async Task<ClaimedFile> RunAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        // The text has to be read again first: a newer parser came between.
        if (await store.FindTextAsync(file, parser.Version, cancellationToken) is not { } payload) return await log.BeginNextAsync(file, IngestionStep.Extract, cancellationToken);
        var text = TextPayload.Unpack(payload);
        var words = await FileWords.LearnAsync(analysis, text, cancellationToken);
        var cut = chunker.Chunk(text, file.Chunking, file.EmbeddingModel, cancellationToken).Select(chunk => chunk with { Terms = words.TermsOf(chunk.Headings, chunk.Content) });
        return await store.ReplaceChunksAsync(file, cut, cancellationToken) ?? throw new DocumentRefused(Refusal.InvalidFile, "There is no text in this file.");
    }
}
