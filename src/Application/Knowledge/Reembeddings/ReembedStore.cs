using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Ingestion;
using MediatR;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Knowledge.Reembeddings;

/// <summary>Makes the vectors of a store's new model, until searches use them, it has failed, waits for another attempt, or is lost to somebody else.</summary>
public sealed record ReembedStore(ClaimedReembedding Work) : IRequest;

internal sealed partial class ReembedStoreHandler(
    IReembeddingLog reembeddings, IReembeddingVectors store, IModelCatalogue catalogue, IEmbeddings embeddings, FailurePolicy policy, KnowledgeOptions options, TimeProvider clock, ILogger<ReembedStoreHandler> log)
    : IRequestHandler<ReembedStore>
{
    private const int PageSize = 256;

    private const string Unknown = "The new vectors could not be made, because of an error of the server.";

    // A lease lasts 30 s; the SQL says so.
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    public async Task<Unit> Handle(ReembedStore request, CancellationToken cancellationToken)
    {
        var work = request.Work;
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewal = RenewAsync(work, held);
        try
        {
            // Also where every attempt so far has ended its process.
            if (work.Attempts > FailurePolicy.MostAttempts) await reembeddings.FailAsync(work, new Problem(Problem.ServerError, $"{Unknown} It was tried {work.Attempts - 1} times."), held.Token);
            else await RunAsync(work, held.Token);
        }
        catch (ReembeddingLost)
        {
            LogLost(log, work.Id.Value);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // This process stops: another goes on at once.
            await TryAsync(token => reembeddings.ReleaseAsync(work, token));
        }
        catch (Exception) when (held.IsCancellationRequested)
        {
            LogLost(log, work.Id.Value);
        }
        catch (Exception e)
        {
            await EndAsync(work, e);
        }
        finally
        {
            await held.CancelAsync();
            await renewal;
        }

        return Unit.Value;
    }

    private async Task RunAsync(ClaimedReembedding work, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var call = await EmbeddingCall.OpenAsync(catalogue, embeddings, work.EmbeddingModel, work.Dimensions, cancellationToken);
        await store.CountAsync(work, cancellationToken);
        var (agreed, after) = (work.Dimensions, ChunkPlace.Beginning);
        while (true)
        {
            var page = await store.NextAsync(work, after, PageSize, cancellationToken);
            foreach (var batch in EmbeddingCall.BatchesOf(page))
            {
                var vectors = await call.EmbedAsync([.. batch.Select(equal => equal[0].EmbeddedText)], cancellationToken);
                agreed = await AgreeAsync(work, call, agreed, vectors[0].Length, cancellationToken);
                if (vectors.FirstOrDefault(vector => vector.Length != agreed) is { Length: > 0 and var other }) throw call.Mismatch(other, agreed.Value);
                await store.SaveAsync(
                    work, agreed.Value, [.. batch.Zip(vectors).SelectMany(pair => pair.First.Select(chunk => new ChunkVector(chunk.Id, pair.Second)))], cancellationToken);
            }

            if (page.Count > 0)
            {
                after = new ChunkPlace(page[^1].File, page[^1].Ordinal);
            }
            else if (after != ChunkPlace.Beginning)
            {
                // Files were completed behind our back.
                after = ChunkPlace.Beginning;
            }
            else if (await store.TrySwitchAsync(work, options.KeepPreviousVectors, cancellationToken))
            {
                LogSwitched(log, work.VectorStoreId.Value, work.EmbeddingModel, clock.GetElapsedTime(started).TotalSeconds);
                return;
            }
        }
    }

    private async Task<int> AgreeAsync(ClaimedReembedding work, EmbeddingCall call, int? agreed, int given, CancellationToken cancellationToken)
    {
        if (agreed == given) return given;
        if (agreed is { } wanted) throw call.Mismatch(given, wanted);
        if (await store.AgreeOnDimensionsAsync(work, call.Allow(given), cancellationToken)) return given;
        throw new StepFailed($"The model '{work.EmbeddingModel}' now gives vectors of {given} dimensions, other than those it gave before. Cancel this change and begin it again.");
    }

    private async Task RenewAsync(ClaimedReembedding work, CancellationTokenSource held)
    {
        while (!held.IsCancellationRequested)
        {
            await Task.Delay(RenewalInterval, clock, held.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (held.IsCancellationRequested) return;
            try
            {
                if (!await reembeddings.RenewAsync(work, held.Token)) await held.CancelAsync();
            }
            catch (Exception e) when (!held.IsCancellationRequested)
            {
                // The database may be away: whoever could take it over has to wait for it as well.
                LogNotRenewed(log, e.Message);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task EndAsync(ClaimedReembedding work, Exception failure)
    {
        switch (policy.Judge(failure, work.Attempts, work.EmbeddingModel, Unknown))
        {
            case Verdict.GiveUp(var problem):
                LogFailed(log, failure is StepFailed ? null : failure, work.VectorStoreId.Value, work.EmbeddingModel, work.Attempts);
                await TryAsync(token => reembeddings.FailAsync(work, problem, token));
                break;
            case Verdict.TryAgain(var problem, var delay):
                LogPostponed(log, work.VectorStoreId.Value, work.Attempts, delay.TotalSeconds, failure.GetType().Name);
                await TryAsync(token => reembeddings.PostponeAsync(work, problem, delay, token));
                break;
            default:
                await TryAsync(token => reembeddings.ReleaseAsync(work, token));
                break;
        }
    }

    /// <summary>If it cannot be written, the lease ends by itself and somebody begins again.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> write)
    {
        using var limit = new CancellationTokenSource(LastWords, clock);
        try
        {
            await write(limit.Token);
        }
        catch (Exception e)
        {
            if (e is not ReembeddingLost) LogNotWritten(log, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Vector store {Store} is searched by the vectors of {Model} now, {Seconds} s after this worker began")]
    private static partial void LogSwitched(ILogger log, Guid store, string model, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Re-embedding {Id} was taken from this worker: it was cancelled, its store deleted, or another worker goes on")]
    private static partial void LogLost(ILogger log, Guid id);

    [LoggerMessage(Level = LogLevel.Information, Message = "Re-embedding vector store {Store}, attempt {Attempt} failed ({Failure}); the next is in {Seconds} s")]
    private static partial void LogPostponed(ILogger log, Guid store, int attempt, double seconds, string failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Re-embedding vector store {Store} by {Model} failed, attempt {Attempt}; the vectors it has stay in use")]
    private static partial void LogFailed(ILogger log, Exception? failure, Guid store, string model, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of a re-embedding could not be renewed: {Reason}")]
    private static partial void LogNotRenewed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "How a re-embedding ended could not be written; it is begun again: {Reason}")]
    private static partial void LogNotWritten(ILogger log, string reason);
}
