using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>Begins an evaluation: asks the store all the questions, in the background, and measures what it finds.</summary>
public sealed record CreateEvaluation : IRequest<EvaluationView>
{
    public string? Name { get; init; }
    public string? VectorStoreId { get; init; }
    public IReadOnlyList<QuestionRequest>? Questions { get; init; }
    public EvaluationSettings? Settings { get; init; }
}

internal sealed class CreateEvaluationValidator : AbstractValidator<CreateEvaluation>
{
    public CreateEvaluationValidator()
    {
        RuleFor(request => request.Name).IsLine(Evaluation.NameMaxLength);
        RuleFor(request => request.VectorStoreId).NotEmpty().WithMessage("say which vector store to ask.");
        RuleFor(request => request.Settings).SetValidator(new EvaluationSettingsRules()!);
        RuleFor(request => request.Questions).Custom(QuestionRules.Check);
    }
}

internal sealed class CreateEvaluationHandler(IKnowledgeDb db, IEvaluationQueue queue, ICaller caller, TimeProvider clock) : IRequestHandler<CreateEvaluation, EvaluationView>
{
    /// <summary>What a workspace may keep: all of them together must not fill the disk.</summary>
    public const int MostEvaluations = 200;

    public async Task<EvaluationView> Handle(CreateEvaluation request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var store = await db.RequireStoreAsync(request.VectorStoreId!, cancellationToken);
        if (store.IsExpiredAt(now)) throw StoreErrors.Expired(store);
        if (await db.Evaluations.CountAsync(cancellationToken) >= MostEvaluations)
            throw new RuleBroken("too_many_evaluations", $"This workspace keeps {MostEvaluations} evaluations already, which is the most. Delete one that is not needed any more.");
        var settings = request.Settings ?? new EvaluationSettings();
        AttributeFilterReader.Read(settings.Filters, "settings.filters");

        var questions = request.Questions!;
        var evaluation = Evaluation.Create(
            store, caller.Current.UserId, string.IsNullOrWhiteSpace(request.Name) ? store.Name : request.Name.Trim(), EvaluationJson.Write(settings), questions.Count, now);
        var files = await FilesAsync(store.Id, questions, cancellationToken);
        List<EvaluationQuestion> rows = [.. questions.Select((question, index) => EvaluationQuestion.Create(
            evaluation, index + 1, question.Id, question.Query!, EvaluationJson.Write(question.Relevant!.Select((relevant, place) => files.Find(relevant, index, place)))))];
        await queue.SaveAndEnqueueAsync(evaluation, rows, cancellationToken);
        return EvaluationView.Of(evaluation);
    }

    private async Task<NamedFiles> FilesAsync(VectorStoreId store, IReadOnlyList<QuestionRequest> questions, CancellationToken cancellationToken)
    {
        var relevant = questions.SelectMany(question => question.Relevant!).ToList();
        var ids = relevant.Select(one => Ids.Parse<FileId>(one.FileId)).OfType<FileId>().Distinct().ToArray();
        var names = relevant.Select(one => one.Filename).OfType<string>().Distinct().ToArray();
        var rows = await db.FilesOf(store).Where(row => ids.Contains(row.File.FileId) || names.Contains(row.Filename))
            .Select(row => new { row.File.FileId, row.Filename }).ToListAsync(cancellationToken);
        return new NamedFiles(rows.Select(row => (row.FileId.ToWire(), row.Filename)));
    }

    /// <summary>The store's files that questions name, by id and by name.</summary>
    private sealed class NamedFiles(IEnumerable<(string Id, string Name)> files)
    {
        private readonly ILookup<string, (string Id, string Name)> _byName = files.ToLookup(file => file.Name, StringComparer.Ordinal);
        private readonly ILookup<string, (string Id, string Name)> _byId = files.ToLookup(file => file.Id, StringComparer.Ordinal);

        /// <summary>The passage with its file's id and name, where it names one.</summary>
        public RelevantPassage Find(RelevantPassage relevant, int question, int place)
        {
            if (relevant is { FileId: null, Filename: null }) return relevant;
            var (found, field, named) = relevant.FileId is { } id ? (_byId[id], "file_id", id) : (_byName[relevant.Filename!], "filename", relevant.Filename!);
            var param = $"questions[{question}].relevant[{place}].{field}";
            using var first = found.GetEnumerator();
            if (!first.MoveNext()) throw new InvalidRequest("unknown_file", $"Invalid '{param}': this vector store has no file '{named}'.", param);
            var file = first.Current;
            if (first.MoveNext())
                throw new InvalidRequest("ambiguous_filename", $"Invalid '{param}': this vector store has several files of the name '{named}'. Name the right one by its file_id.", param);
            return relevant with { FileId = file.Id, Filename = file.Name };
        }
    }
}
