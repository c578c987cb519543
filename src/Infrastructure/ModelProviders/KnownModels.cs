namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>What vendors publish of their models but their APIs do not tell: context windows, in tokens, and prefill. Configuration overrides it.</summary>
internal static class KnownModels
{
    // Longest prefix first. Sources: the vendors' model pages.
    private static readonly (string Prefix, int Window)[] Windows =
    [
        ("gpt-3.5-turbo-instruct", 4_096),
        ("gpt-3.5-turbo", 16_385),
        ("gpt-4.1", 1_047_576),
        ("gpt-4o", 128_000),
        ("gpt-4-turbo", 128_000),
        ("gpt-4-32k", 32_768),
        ("gpt-4", 8_192),
        ("gpt-5", 400_000),
        ("o1-mini", 128_000),
        ("o1", 200_000),
        ("o3", 200_000),
        ("o4-mini", 200_000),
        ("claude-", 200_000),
    ];

    // Newer ones of the family refuse a prefill.
    private static readonly string[] Prefilled = ["claude-3", "claude-sonnet-4-2", "claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-2", "claude-opus-4-1", "claude-opus-4-5"];

    /// <summary>Whether the model goes on with a last message of its own.</summary>
    public static bool TakesPrefill(string model) => Array.Exists(Prefilled, prefix => model.StartsWith(prefix, StringComparison.Ordinal));

    public static int? ContextWindowOf(string model)
    {
        foreach (var (prefix, window) in Windows)
            if (model.StartsWith(prefix, StringComparison.Ordinal)) return window;
        return null;
    }
}
