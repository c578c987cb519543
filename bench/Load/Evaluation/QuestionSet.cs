using System.Text.Json;

namespace AiPlatform.Bench.Evaluation;

internal sealed record SetDocument(string Id, string? Title, string Text)
{
    public string Filename => Id + ".txt";

    public string Content => string.IsNullOrWhiteSpace(Title) ? Text : $"{Title}\n\n{Text}";
}

internal sealed record SetQuestion(string Id, string Text, IReadOnlyList<string> Relevant);

/// <summary>Documents, and questions with the ids of those that answer them.</summary>
internal sealed record QuestionSet(string Name, IReadOnlyList<SetDocument> Documents, IReadOnlyList<SetQuestion> Questions)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static QuestionSet Read(string folder)
    {
        var documents = Lines<SetDocument>(Path.Combine(folder, "corpus.jsonl"));
        var known = documents.Select(document => document.Id).ToHashSet();
        var questions = Lines<SetQuestion>(Path.Combine(folder, "queries.jsonl"))
            .Select(question => question with { Relevant = [.. question.Relevant.Where(known.Contains).Distinct()] })
            .Where(question => question.Relevant.Count > 0);
        return new QuestionSet(Path.GetFileName(folder), documents, [.. questions]);
    }

    private static List<T> Lines<T>(string path) => [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<T>(line, Json)!)];
}
