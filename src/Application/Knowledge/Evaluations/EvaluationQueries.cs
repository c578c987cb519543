using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Evaluations;

internal static class EvaluationQueries
{
    public static async Task<Evaluation> RequireEvaluationAsync(this IKnowledgeDb db, string wireId, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<EvaluationId>(wireId);
        return await db.Evaluations.AsNoTracking().SingleOrDefaultAsync(evaluation => evaluation.Id == id, cancellationToken) ?? throw NotFound.Of("Evaluation", wireId);
    }

    public static EvaluationSettings ReadSettings(this Evaluation evaluation) => EvaluationJson.Read<EvaluationSettings>(evaluation.Settings);

    /// <summary>All questions that have been asked, in their order.</summary>
    public static async Task<IReadOnlyList<QuestionOutcome>> OutcomesAsync(this IKnowledgeDb db, EvaluationId evaluation, CancellationToken cancellationToken)
    {
        var rows = await db.EvaluationQuestions.AsNoTracking()
            .Where(question => question.EvaluationId == evaluation && question.FoundAt != null)
            .OrderBy(question => question.Ordinal)
            .Select(question => new { question.Ordinal, question.QuestionId, question.IsNamed, question.Query, question.Relevant, question.FoundAt, question.RelevantAt, question.HitCount, question.LatencyMs })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new QuestionOutcome(
            row.Ordinal,
            row.QuestionId,
            row.IsNamed,
            row.Query,
            MeasuresOf(EvaluationJson.Read<List<RelevantPassage>>(row.Relevant), row.FoundAt!, row.RelevantAt!),
            row.HitCount!.Value,
            row.LatencyMs!.Value))];
    }

    public static QuestionMeasures MeasuresOf(IReadOnlyList<RelevantPassage> relevant, int[] foundAt, int[] relevantAt) => new([.. relevant.Select(one => one.Gain)], foundAt, relevantAt);
}
