using AiPlatform.Application.Knowledge.Chunking;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Application.Knowledge.Search.Analysis;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Cuts the text into chunks with their words, all in one transaction.</summary>
internal sealed class ChunkStep(IChunkStore store, IDocumentParser parser, DocumentChunker chunker, TextAnalysis analysis)
{
    /// <summary>False when the text has to be read again first: a newer parser came between.</summary>
    public async Task<bool> RunAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        if (await store.FindTextAsync(file, parser.Version, cancellationToken) is not { } payload) return false;
        var text = TextPayload.Unpack(payload);
        var words = await FileWords.LearnAsync(analysis, text, cancellationToken);
        var cut = chunker.Chunk(text, file.Chunking, file.EmbeddingModel, cancellationToken).Select(chunk => chunk with { Terms = words.TermsOf(chunk.Headings, chunk.Content) });
        var chunks = await store.ReplaceChunksAsync(file, cut, cancellationToken);
        if (chunks == 0) throw new DocumentRefused(Refusal.InvalidFile, "There is no text in this file.");
        return true;
    }
}
