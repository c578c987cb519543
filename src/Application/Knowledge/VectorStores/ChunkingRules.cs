using System.Text.Json;
using AiPlatform.Domain.Knowledge;
using FluentValidation;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary><c>auto</c>, or <c>static</c> with its numbers.</summary>
public sealed record ChunkingRequest(string? Type, StaticChunking? Static)
{
    internal static ChunkingStrategy Read(ChunkingRequest? request) =>
        request is { Type: "static", Static: { MaxChunkSizeTokens: { } most, ChunkOverlapTokens: { } overlap } } ? new ChunkingStrategy(most, overlap) : ChunkingStrategy.Auto;
}

internal sealed class ChunkingRules : AbstractValidator<ChunkingRequest>
{
    private const int FewestTokens = 100;
    private const int MostTokens = 4096;

    public ChunkingRules()
    {
        RuleFor(chunking => chunking.Type).Must(type => type is "auto" or "static").WithMessage("it must be 'auto' or 'static'.");
        RuleFor(chunking => chunking.Static).NotNull().When(chunking => chunking.Type == "static").WithMessage("say max_chunk_size_tokens and chunk_overlap_tokens.");
        RuleFor(chunking => chunking.Static).Null().When(chunking => chunking.Type == "auto").WithMessage("it belongs to the type 'static'.");
        RuleFor(chunking => chunking.Static!.MaxChunkSizeTokens).NotNull().InclusiveBetween(FewestTokens, MostTokens).When(chunking => chunking.Static is not null)
            .OverridePropertyName("static.max_chunk_size_tokens").WithMessage($"it must be from {FewestTokens} to {MostTokens}.");
        RuleFor(chunking => chunking.Static!.ChunkOverlapTokens).NotNull().GreaterThanOrEqualTo(0).Must((chunking, overlap) => overlap * 2 <= chunking.Static!.MaxChunkSizeTokens)
            .When(chunking => chunking.Static is not null).OverridePropertyName("static.chunk_overlap_tokens").WithMessage("it must be from 0 to half of max_chunk_size_tokens.");
    }
}

/// <summary>Attributes of a file: up to 16 pairs of a key and a text, number or boolean.</summary>
internal static class FileAttributes
{
    private const int MostPairs = 16;
    private const int KeyMaxLength = 64;
    private const int ValueMaxLength = 512;

    public static IRuleBuilderOptions<T, JsonElement?> IsAttributes<T>(this IRuleBuilder<T, JsonElement?> rule) => rule.Must(IsValid).WithMessage(
        $"it must be an object of up to {MostPairs} pairs: keys up to {KeyMaxLength} characters, values texts up to {ValueMaxLength} characters, numbers or booleans.");

    /// <summary>The one form they are stored in: an object, each key once.</summary>
    public static string Read(JsonElement? attributes)
    {
        var pairs = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (attributes is { ValueKind: JsonValueKind.Object } given)
            foreach (var pair in given.EnumerateObject()) pairs[pair.Name] = pair.Value;
        return JsonSerializer.Serialize(pairs, JsonSerializerOptions.Default);
    }

    /// <summary>Whether two stored forms say the same; the database writes them in its own way.</summary>
    public static bool AreEqual(string one, string other) => JsonElement.DeepEquals(JsonElement.Parse(one), JsonElement.Parse(other));

    private static bool IsValid(JsonElement? attributes)
    {
        if (attributes is null or { ValueKind: JsonValueKind.Null }) return true;
        if (attributes is not { ValueKind: JsonValueKind.Object } given) return false;
        var pairs = given.EnumerateObject().ToList();
        return pairs.Count <= MostPairs && pairs.TrueForAll(pair => IsText(pair.Name, KeyMaxLength) && IsValue(pair.Value));
    }

    private static bool IsValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => IsText(value.GetString()!, ValueMaxLength),
        JsonValueKind.Number => value.TryGetDouble(out var number) && double.IsFinite(number),
        JsonValueKind.True or JsonValueKind.False => true,
        _ => false,
    };

    // PostgreSQL stores no NUL.
    private static bool IsText(string text, int maxLength) => text.Length <= maxLength && !text.Contains('\0', StringComparison.Ordinal);
}
