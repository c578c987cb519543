using FluentValidation;
using FluentValidation.Results;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>A question, and what answers it.</summary>
public sealed record QuestionRequest
{
    /// <summary>By which it is found again; made from its place where none is given.</summary>
    public string? Id { get; init; }

    public string? Query { get; init; }
    public IReadOnlyList<RelevantPassage>? Relevant { get; init; }
}

/// <summary>What questions may be. What is wrong is named by its place, of many things the first few.</summary>
internal static class QuestionRules
{
    public const int MostQuestions = 10_000;
    public const int MostRelevant = 1_000;
    private const int MostCharacters = 4_096;
    private const int IdMaxLength = 128;
    private const double HighestGrade = 100;
    private const int MostFailures = 20;

    public static void Check<T>(IReadOnlyList<QuestionRequest>? questions, ValidationContext<T> context)
    {
        if (questions is not { Count: > 0 and <= MostQuestions })
        {
            context.AddFailure("questions", $"it takes from 1 to {MostQuestions} questions.");
            return;
        }

        var failures = questions.SelectMany((question, index) => FailuresOf(question, $"questions[{index}]")).Concat(Repeated(questions)).Take(MostFailures);
        foreach (var (place, why, code) in failures) context.AddFailure(new ValidationFailure(place, why) { CustomState = code });
    }

    private static IEnumerable<(string Place, string Why, string? Code)> FailuresOf(QuestionRequest? question, string place)
    {
        if (question is null)
        {
            yield return (place, "it must be an object with a query and what is relevant to it.", null);
            yield break;
        }

        if (question.Id is { } id && (id.Length is 0 or > IdMaxLength || id.Any(char.IsControl))) yield return ($"{place}.id", $"it must be one line of 1 to {IdMaxLength} characters.", null);
        if (string.IsNullOrWhiteSpace(question.Query) || !IsText(question.Query)) yield return ($"{place}.query", $"it must be a question of up to {MostCharacters} characters.", null);
        if (question.Relevant is not { Count: > 0 and <= MostRelevant } relevant)
        {
            yield return ($"{place}.relevant", $"it takes from 1 to {MostRelevant} entries: a question without an answer measures nothing.", null);
            yield break;
        }

        foreach (var (index, one) in relevant.Index())
        {
            foreach (var (part, why) in FailuresOf(one)) yield return ($"{place}.relevant[{index}]{part}", why, null);
        }
    }

    private static IEnumerable<(string Part, string Why)> FailuresOf(RelevantPassage? relevant)
    {
        if (relevant is null)
        {
            yield return ("", "it must be an object that names a file, a passage or both.");
            yield break;
        }

        if (relevant is { FileId: not null, Filename: not null }) yield return ("", "name the file by file_id or by filename, not by both.");
        if (relevant is { FileId: null, Filename: null, Quote: null }) yield return ("", "name a file by file_id or filename, or a passage by quote.");
        if ((relevant.Start ?? relevant.End) is not null)
        {
            if (relevant is not { Start: >= 0 } || relevant.End is not { } end || end <= relevant.Start) yield return (".start", "start and end go together: start at least 0, end above it.");
            if (relevant is { FileId: null, Filename: null }) yield return ("", "start and end are places in a file: name it by file_id or filename.");
            if (relevant.Quote is not null) yield return (".quote", "name the passage by start and end or by quote, not by both.");
        }

        if (relevant.Quote is { } quote && (!IsText(quote) || FoldedText.Of(quote).Length == 0)) yield return (".quote", $"it must be a text of up to {MostCharacters} characters.");
        if (relevant.Grade is { } grade && !(grade is > 0 and <= HighestGrade)) yield return (".grade", $"it must be above 0, up to {HighestGrade}; leave out what is not relevant.");
    }

    private static IEnumerable<(string Place, string Why, string? Code)> Repeated(IReadOnlyList<QuestionRequest> questions)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, question) in questions.Index())
        {
            if (question is null) continue;
            // Ids that are made from places could be those of others.
            var id = question.Id ?? $"q{index + 1}";
            if (!known.TryAdd(id, index)) yield return ($"questions[{index}].id", $"questions[{known[id]}] has the id '{id}' as well. Give each another.", "duplicate_question");
            if (question.Id is null && question.Query is { } query && !known.TryAdd($"\n{query}", index))
                yield return ($"questions[{index}].query", $"questions[{known[$"\n{query}"]}] asks the same. Give both an id, or leave one out.", "duplicate_question");
        }
    }

    // PostgreSQL stores no NUL.
    private static bool IsText(string text) => text.Length <= MostCharacters && !text.Contains('\0', StringComparison.Ordinal);
}
