using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>Searches documents for answers: within a time, measured, and with failures that a caller can understand.</summary>
public sealed partial class DocumentSearches(IDocumentSearch search, ToolSupport tools, AnswerMetrics metrics, ITokenCounter tokens, TimeProvider clock, ILogger<DocumentSearches> log)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public AnswerMetrics Metrics => metrics;

    /// <param name="tool">What may be searched.</param>
    /// <param name="first">The call of the model as it would be without documents.</param>
    /// <param name="id">What the answer is known by, to us alone as long as its documents are written.</param>
    internal DocumentContext Begin(FileSearchTool tool, ModelCall first, Guid id) =>
        // The end of such an id is random, and the same wherever the answer goes on.
        new(tool, first, id.ToString("n")[^12..], tokens) { SearchesFirst = !tools.IsLikely(first.Model) };

    /// <summary>Whether the model refused because it cannot call tools. From then on its searches come first.</summary>
    internal bool IsRefusalOfTools(DocumentContext documents, ModelCall call, UpstreamFailed failure)
    {
        // The caller's own functions are the caller's problem.
        if (documents.SearchesFirst || call.Request.Tools is not [_] || !ToolSupport.IsRefusal(failure)) return false;
        tools.Refused(call.Model);
        return documents.SearchesFirst = true;
    }

    /// <param name="workspace">Whose documents.</param>
    /// <param name="tool">What may be searched.</param>
    /// <param name="queries">What for.</param>
    /// <param name="patience">How long to wait for a database that is away.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    internal async Task<DocumentHits> SearchAsync(WorkspaceId workspace, FileSearchTool tool, IReadOnlyList<string> queries, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            var query = new DocumentQuery { WorkspaceId = workspace, Stores = tool.Stores, Queries = queries, MaxResults = tool.MaxResults, Filter = tool.Filter, Ranking = tool.Ranking };
            var hits = await FindAsync(query, patience, cancellationToken);
            metrics.Searched(hits.Hits.Count > 0 ? "found" : "nothing", clock.GetElapsedTime(started));
            return hits;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            metrics.Searched("cancelled", clock.GetElapsedTime(started));
            throw new OperationCanceledException(cancellationToken);
        }
        catch (Exception e)
        {
            metrics.Searched("failed", clock.GetElapsedTime(started));
            if (e is PlatformException) throw;
            LogFailed(log, e.GetType().Name, e.Message);
            throw new Unavailable("search_unavailable", "The documents could not be searched just now. Try again shortly.", TimeSpan.FromSeconds(1));
        }
    }

    private async Task<DocumentHits> FindAsync(DocumentQuery query, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            using var limit = new CancellationTokenSource(Longest, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                return await search.SearchAsync(query, either.Token).WaitAsync(either.Token);
            }
            catch (Exception e) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                LogFailed(log, e.GetType().Name, e.Message);
                throw new Unavailable("vector_store_timeout", $"Searching the documents took longer than {Longest.TotalSeconds} s. Try again, or search fewer vector stores.", TimeSpan.FromSeconds(1));
            }
            catch (Exception e) when (DatabaseOutage.IsBehind(e) && clock.GetElapsedTime(started) < patience)
            {
                LogAway(log, e.Message);
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A search of documents waits for the database: {Reason}")]
    private static partial void LogAway(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A search of documents failed: {Kind}: {Reason}")]
    private static partial void LogFailed(ILogger log, string kind, string reason);
}
