using System.Text.Json;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>
/// What answers a question: a whole file, by its id or its name; or a passage of it, by its place in the document's text (<c>Start</c> and <c>End</c>, in UTF-16
/// units) or by its words (<c>Quote</c>, which needs no file).
/// </summary>
public sealed record RelevantPassage
{
    public string? FileId { get; init; }
    public string? Filename { get; init; }
    public int? Start { get; init; }

    /// <summary>The first position that does not belong to it.</summary>
    public int? End { get; init; }

    public string? Quote { get; init; }

    /// <summary>How well it answers, for nDCG; 1 unless given.</summary>
    public double? Grade { get; init; }

    internal bool IsFile => Start is null && Quote is null;

    internal double Gain => Grade ?? 1;
}

/// <summary>How parts of an evaluation are kept in the database.</summary>
internal static class EvaluationJson
{
    private static readonly JsonSerializerOptions Options = WireJson.Configure(new JsonSerializerOptions());

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;
}
