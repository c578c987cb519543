namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>Context windows, in tokens, that vendors publish but their APIs do not tell. Configuration overrides them.</summary>
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

    public static int? ContextWindowOf(string model)
    {
        foreach (var (prefix, window) in Windows)
            if (model.StartsWith(prefix, StringComparison.Ordinal)) return window;
        return null;
    }
}
