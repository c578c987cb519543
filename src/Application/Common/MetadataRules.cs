using FluentValidation;

namespace AiPlatform.Application.Common;

internal static class MetadataRules
{
    private const int MostPairs = 16;
    private const int KeyMaxLength = 64;
    private const int ValueMaxLength = 512;

    /// <summary>The API's metadata: up to 16 pairs, keys up to 64 and values up to 512 characters.</summary>
    public static IRuleBuilderOptions<T, Dictionary<string, string>?> IsMetadata<T>(this IRuleBuilder<T, Dictionary<string, string>?> rule) => rule
        .Must(pairs => pairs is null || (pairs.Count <= MostPairs && pairs.All(pair => pair.Key.Length <= KeyMaxLength && pair.Value?.Length <= ValueMaxLength)))
        .WithMessage($"it takes up to {MostPairs} pairs of strings, keys up to {KeyMaxLength} and values up to {ValueMaxLength} characters.");
}
