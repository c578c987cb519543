using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.AI;

namespace AiPlatform.Application.Inference;

/// <summary>The body of <c>POST /v1/embeddings</c>.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>A string, an array of strings, an array of token ids, or an array of such arrays.</summary>
    public JsonElement Input { get; init; }

    public string Model { get; init; } = "";

    /// <summary><c>float</c> (default) or <c>base64</c>: little-endian 32-bit floats.</summary>
    public string? EncodingFormat { get; init; }

    public int? Dimensions { get; init; }
    public string? User { get; init; }
}

public sealed record EmbeddingList(IReadOnlyList<EmbeddingView> Data, string Model, EmbeddingUsage Usage)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "list";
}

/// <summary><c>Embedding</c> is an array of numbers, or with <c>base64</c> a string.</summary>
public sealed record EmbeddingView(int Index, object Embedding)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "embedding";
}

public sealed record EmbeddingUsage(long PromptTokens, long TotalTokens);

public sealed record CreateEmbeddings(EmbeddingRequest Body) : IRequest<EmbeddingList>;

internal sealed class CreateEmbeddingsValidator : AbstractValidator<CreateEmbeddings>
{
    private const int MostInputs = 2048;

    public CreateEmbeddingsValidator()
    {
        RuleFor(request => request.Body.Model).NotEmpty().WithMessage("name a model; GET /v1/models lists them.").OverridePropertyName("model");
        RuleFor(request => request.Body.EncodingFormat).Must(format => format is null or "float" or "base64").WithMessage("it must be 'float' or 'base64'.").OverridePropertyName("encoding_format");
        RuleFor(request => request.Body.Dimensions).GreaterThan(0).WithMessage("it must be at least 1.").OverridePropertyName("dimensions");
        RuleFor(request => request.Body.Input).Must(IsInput).OverridePropertyName("input")
            .WithMessage($"it must be a non-empty string, an array of up to {MostInputs} non-empty strings, an array of token ids, or an array of such arrays.");
    }

    private static bool IsInput(JsonElement input) => input.ValueKind switch
    {
        JsonValueKind.String => input.GetString() is { Length: > 0 },
        JsonValueKind.Array when input.GetArrayLength() is > 0 and <= MostInputs =>
            input.EnumerateArray().All(entry => entry.ValueKind is JsonValueKind.String && entry.GetString() is { Length: > 0 })
            || AreTokens(input)
            || input.EnumerateArray().All(entry => entry.ValueKind is JsonValueKind.Array && entry.GetArrayLength() > 0 && AreTokens(entry)),
        _ => false,
    };

    private static bool AreTokens(JsonElement array) =>
        array.EnumerateArray().All(entry => entry.ValueKind is JsonValueKind.Number && entry.TryGetInt32(out var id) && id >= 0);
}

internal sealed class CreateEmbeddingsHandler(IModelCatalogue catalogue, IEmbeddings embeddings) : IRequestHandler<CreateEmbeddings, EmbeddingList>
{
    public async Task<EmbeddingList> Handle(CreateEmbeddings request, CancellationToken cancellationToken)
    {
        var body = request.Body;
        var model = await catalogue.FindAsync(body.Model, cancellationToken)
            ?? throw new NotFound("model_not_found", $"The model '{body.Model}' does not exist here.", "model");
        var generator = embeddings.For(model)
            ?? throw new InvalidRequest("unsupported_model", $"The provider '{model.Provider}' of the model '{model.Id}' offers no embeddings. Choose another model.", "model");
        var options = new EmbeddingGenerationOptions
        {
            ModelId = model.UpstreamName,
            Dimensions = body.Dimensions,
            AdditionalProperties = body.User is { } user ? new() { ["user"] = user } : null,
        };
        var generated = await generator.GenerateAsync(InputsOf(body.Input), options, cancellationToken);
        var tokens = generated.Usage?.InputTokenCount ?? 0;
        return new EmbeddingList(
            [.. generated.Select((embedding, index) => new EmbeddingView(index, Encode(embedding.Vector, body.EncodingFormat is "base64")))],
            model.Id,
            new EmbeddingUsage(tokens, tokens));
    }

    private static IEnumerable<EmbeddingInput> InputsOf(JsonElement input)
    {
        if (input.ValueKind is JsonValueKind.String) return [new EmbeddingInput.Text(input.GetString()!)];
        return input[0].ValueKind switch
        {
            JsonValueKind.String => input.EnumerateArray().Select(EmbeddingInput (text) => new EmbeddingInput.Text(text.GetString()!)),
            JsonValueKind.Number => [TokensOf(input)],
            _ => input.EnumerateArray().Select(TokensOf),
        };
    }

    private static EmbeddingInput TokensOf(JsonElement array) => new EmbeddingInput.Tokens([.. array.EnumerateArray().Select(id => id.GetInt32())]);

    private static object Encode(ReadOnlyMemory<float> vector, bool base64) =>
        base64 ? Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.Span)) : vector;
}
