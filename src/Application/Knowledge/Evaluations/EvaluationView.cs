using System.Text.Json.Serialization;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Evaluations;

/// <summary>An evaluation as the API shows it. <c>Metrics</c> are there once it is completed.</summary>
public sealed record EvaluationView(
    string Id,
    string Name,
    string VectorStoreId,
    string VectorStoreName,
    string EmbeddingModel,
    EvaluationSettings Settings,
    string Status,
    int Questions,
    int Asked,
    EvaluationError? Error,
    EvaluationMetrics? Metrics,
    long CreatedAt,
    long? StartedAt,
    long? EndedAt)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "evaluation";

    internal static EvaluationView Of(Evaluation evaluation) => new(
        evaluation.Id.ToWire(),
        evaluation.Name,
        evaluation.VectorStoreId.ToWire(),
        evaluation.VectorStoreName,
        evaluation.EmbeddingModel,
        evaluation.ReadSettings(),
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(evaluation.Status.ToString()),
        evaluation.Questions,
        evaluation.Asked,
        evaluation.ErrorCode is { } code ? new EvaluationError(code, evaluation.ErrorMessage ?? "") : null,
        evaluation.Metrics is { } metrics ? EvaluationJson.Read<EvaluationMetrics>(metrics) : null,
        evaluation.CreatedAt.ToUnixTimeSeconds(),
        evaluation.StartedAt?.ToUnixTimeSeconds(),
        evaluation.EndedAt?.ToUnixTimeSeconds());
}

/// <summary>Why it failed: a stable code, and a sentence that says what to change.</summary>
public sealed record EvaluationError(string Code, string Message);
