using System.Diagnostics;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>
/// Asks the next questions of an evaluation, for one turn; then others have theirs. Answers how long it is to wait for its next, null: it has ended. What was asked is saved in
/// batches of about two seconds: a process that dies loses no more.
/// </summary>
public sealed record RunEvaluation(EvaluationId Id) : IRequest<TimeSpan?>;

internal sealed partial class RunEvaluationHandler(IKnowledgeDb db, IEvaluationLog evaluations, IDocumentSearch search, EvaluationRoom room, TimeProvider clock, ILogger<RunEvaluationHandler> log)
    : IRequestHandler<RunEvaluation, TimeSpan?>
{
    public const int MostAttempts = 6;

    private const int FirstBatch = 8;
    private const int LargestBatch = 200;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BatchTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    public async Task<TimeSpan?> Handle(RunEvaluation request, CancellationToken cancellationToken)
    {
        if (await evaluations.ClaimAsync(request.Id, cancellationToken) is not { } evaluation) return null;
        try
        {
            if (evaluation.Attempts > MostAttempts)
                throw new RuleBroken("interrupted_too_often", $"The evaluation was interrupted {MostAttempts} times without coming on, so it is not tried again. Ask fewer or simpler questions.");
            return await TakeTurnAsync(evaluation, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Connections to the database that break are nobody's attempt, but the count is kept there as well: it goes on where it can be counted.
            if (DatabaseOutage.IsBehind(e)) return LongestPause;
            if (IsFinal(e) || evaluation.Attempts >= MostAttempts)
            {
                await FailAsync(evaluation, e, cancellationToken);
                return null;
            }

            LogRetry(log, evaluation.Id, evaluation.Attempts, e is PlatformException ? null : e);
            var pause = ShortestPause * Math.Pow(2, evaluation.Attempts);
            return pause < LongestPause ? pause : LongestPause;
        }
    }

    private async Task<TimeSpan?> TakeTurnAsync(ClaimedEvaluation evaluation, CancellationToken cancellationToken)
    {
        var settings = EvaluationJson.Read<EvaluationSettings>(evaluation.Settings);
        var stores = await RequireStoreAsync(evaluation, cancellationToken);
        var filter = AttributeFilterReader.Read(settings.Filters, "settings.filters");
        var began = clock.GetTimestamp();
        var size = FirstBatch;
        while (clock.GetElapsedTime(began) < Turn)
        {
            var questions = await NextAsync(evaluation.Id, size, cancellationToken);
            if (questions.Count == 0)
            {
                var metrics = EvaluationMetrics.Of(await db.OutcomesAsync(evaluation.Id, cancellationToken), settings.Results);
                await evaluations.CompleteAsync(evaluation, EvaluationJson.Write(metrics), cancellationToken);
                return null;
            }

            var batchBegan = clock.GetTimestamp();
            var answers = new AnsweredQuestion[questions.Count];
            await Parallel.ForAsync(0, questions.Count, new ParallelOptions { MaxDegreeOfParallelism = EvaluationRoom.Searches, CancellationToken = cancellationToken }, async (index, token) =>
                answers[index] = await AskAsync(questions[index], settings.QueryOf(evaluation.WorkspaceId, stores, filter, questions[index].Query), token));
            // A store that has gone meanwhile has answered with nothing, which is not what it would have found.
            await RequireStoreAsync(evaluation, cancellationToken);
            if (!await evaluations.SaveAsync(evaluation, answers, cancellationToken)) return null;
            size = (int)Math.Clamp(questions.Count * (BatchTime / clock.GetElapsedTime(batchBegan)), 2, LargestBatch);
        }

        return TimeSpan.Zero;
    }

    private Task<IReadOnlyList<VectorStoreId>> RequireStoreAsync(ClaimedEvaluation evaluation, CancellationToken cancellationToken) =>
        search.RequireStoresAsync(evaluation.WorkspaceId, [evaluation.VectorStoreId.ToWire()], "vector_store_id", cancellationToken);

    private async Task<List<AskedQuestion>> NextAsync(EvaluationId id, int count, CancellationToken cancellationToken) => await db.EvaluationQuestions.AsNoTracking()
        .Where(question => question.EvaluationId == id && question.FoundAt == null)
        .OrderBy(question => question.Ordinal)
        .Take(count)
        .Select(question => new AskedQuestion(question.Ordinal, question.Query, question.Relevant))
        .ToListAsync(cancellationToken);

    private async Task<AnsweredQuestion> AskAsync(AskedQuestion question, DocumentQuery query, CancellationToken cancellationToken)
    {
        using var place = await room.EnterAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var found = await search.SearchAsync(query, cancellationToken);
        // What was searched less well than it should have been says nothing of how well it can be: it is asked again later.
        if (found.Warning is { } warning) throw new Unavailable("search_degraded", warning);
        var latency = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var judgement = Judgement.Of(EvaluationJson.Read<List<RelevantPassage>>(question.Relevant), found.Hits);
        return new AnsweredQuestion(question.Ordinal, judgement.FoundAt, judgement.RelevantAt, judgement.Hits.Count, Math.Round(latency, 3), EvaluationJson.Write(judgement.Hits));
    }

    private async Task FailAsync(ClaimedEvaluation evaluation, Exception e, CancellationToken cancellationToken)
    {
        var (code, message) = e is PlatformException known ? (known.Code, known.Message) : ("server_error", "The questions could not be asked, because of an error of the server.");
        await evaluations.FailAsync(evaluation, code, message, cancellationToken);
        LogFailed(log, evaluation.Id, code, e is PlatformException ? null : e);
    }

    // What nobody but a person can change.
    private static bool IsFinal(Exception e) => e is PlatformException and not Unavailable and not QuotaExceeded and not UpstreamFailed { IsTransient: true };

    private sealed record AskedQuestion(int Ordinal, string Query, string Relevant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Evaluation {Evaluation} did not come on (attempt {Attempt}) and is tried again")]
    private static partial void LogRetry(ILogger log, EvaluationId evaluation, int attempt, Exception? reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Evaluation {Evaluation} failed: {Code}")]
    private static partial void LogFailed(ILogger log, EvaluationId evaluation, string code, Exception? reason);
}
