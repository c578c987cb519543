namespace AiPlatform.Infrastructure.ModelProviders.Offline.Text;

/// <summary>Light suffix stripping of folded words: English endings for Latin letters, Hindi ones for Devanagari; others are left as they are.</summary>
internal static class Stems
{
    // After Ramanathan and Rao, "A Lightweight Stemmer for Hindi" (2003), longest first.
    private static readonly string[] HindiSuffixes =
    [
        "ाएंगी", "ाएंगे", "ाऊंगी", "ाऊंगा",
        "ाएगी", "ाएगा", "ाओगी", "ाओगे", "एंगी", "ेंगी", "एंगे", "ेंगे", "ूंगी", "ूंगा", "ातीं", "नाओं", "नाएं", "ताओं", "ताएं", "ियों", "ियां",
        "ाकर", "ाइए", "ाईं", "ाया", "ेगी", "ेगा", "ोगी", "ोगे", "ाने", "ाना", "ाते", "ाती", "ाता", "तीं", "ाओं", "ाएं", "ुओं", "ुएं", "ुआं",
        "कर", "ाओ", "िए", "ाई", "ाए", "ने", "नी", "ना", "ते", "ीं", "ती", "ता", "ां", "ों", "ें",
        "ो", "े", "ू", "ु", "ी", "ि", "ा",
    ];

    public static string Of(string word) => word[0] switch
    {
        >= 'a' and <= 'z' => English(word),
        >= '\u0900' and <= '\u097f' => Hindi(word),
        _ => word,
    };

    private static string English(string word)
    {
        if (word.Length < 4) return word;
        var stem = Plural(word);
        foreach (var ending in (ReadOnlySpan<string>)["ing", "ed"])
        {
            if (stem.Length < ending.Length + 3 || !stem.EndsWith(ending, StringComparison.Ordinal)) continue;
            stem = stem[..^ending.Length];
            if (stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z')) stem = stem[..^1];
            break;
        }

        if (stem.Length > 5 && stem.EndsWith("ly", StringComparison.Ordinal)) stem = stem[..^2];
        if (stem.Length > 3 && stem[^1] == 'e') stem = stem[..^1];
        return stem.Length > 2 && stem[^1] == 'y' ? stem[..^1] + "i" : stem;
    }

    private static string Plural(string word)
    {
        if (word.EndsWith("sses", StringComparison.Ordinal)) return word[..^2];
        if (word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal)) return word[..^3] + "y";
        return word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i') ? word[..^1] : word;
    }

    private static string Hindi(string word)
    {
        foreach (var suffix in HindiSuffixes)
            if (word.Length > suffix.Length + 1 && word.EndsWith(suffix, StringComparison.Ordinal)) return word[..^suffix.Length];
        return word;
    }
}
