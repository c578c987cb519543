using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Segments;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Brings completed files into the index of words that are not in it, because an older version ingested them; returns how many. Idempotent: one that was cut off is done by the next.</summary>
public sealed record IndexWords : IRequest<int>;

internal sealed partial class IndexWordsHandler(ILexicalIndex index, TextAnalysis analysis, ILogger<IndexWordsHandler> log) : IRequestHandler<IndexWords, int>
{
    private const int FilesAtOnce = 100;
    private const int Slice = 500;

    public async Task<int> Handle(IndexWords request, CancellationToken cancellationToken)
    {
        var (indexed, failed) = (0, new HashSet<UnreadFile>());
        while (true)
        {
            var files = (await index.UnreadAsync(FilesAtOnce + failed.Count, cancellationToken)).Where(file => !failed.Contains(file)).ToList();
            if (files.Count == 0) return indexed;
            foreach (var file in files)
            {
                try
                {
                    await IndexAsync(file, cancellationToken);
                    indexed++;
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    LogFailed(log, e, file.Id.Value);
                    failed.Add(file);
                }
            }
        }
    }

    private async Task IndexAsync(UnreadFile file, CancellationToken cancellationToken)
    {
        var chunks = new List<TextOfChunk>();
        for (var after = -1; await index.ReadTextsAsync(file.Id, after, Slice, cancellationToken) is { Count: > 0 } some; after = some[^1].Ordinal) chunks.AddRange(some);
        var words = await FileWords.LearnAsync(analysis, chunks, cancellationToken);
        List<TermsOfChunk> terms = [.. chunks.Select(chunk => new TermsOfChunk(chunk.Id, chunk.Ordinal, words.TermsOf(chunk.Headings, chunk.Content)))];
        var segments = new Segmenting(file.Id);
        segments.Add(terms);
        await index.AddAsync(file, terms, segments.Complete(), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The words of file {File} could not be indexed; it is tried again later")]
    private static partial void LogFailed(ILogger log, Exception failure, Guid file);
}
