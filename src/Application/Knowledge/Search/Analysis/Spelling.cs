using System.Globalization;
using System.Text;

namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>Brings a word into one spelling before it is stemmed, and its stem afterwards.</summary>
internal static class Spelling
{
    /// <summary>Lower case, plain digits, without what nobody types the same way twice. Compatibility forms are the stemmer's to resolve.</summary>
    public static string Of(ReadOnlySpan<char> word)
    {
        if (Ascii.IsValid(word) && word.IndexOfAny('.', ',') < 0) return string.Create(word.Length, word, static (to, from) => from.ToLowerInvariant(to));
        var spelled = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            var c = word[i];
            if (c is >= '\uFF01' and <= '\uFF5E') c = (char)(c - 0xFEE0);
            if (Scripts.KindOf(c) is CharKind.Ignorable) continue;
            if (c == ',' && IsThousands(word, i)) continue;
            if (c == ',') c = '.';
            if (c > 0x7F && CharUnicodeInfo.GetDigitValue(c) is >= 0 and var digit) c = (char)('0' + digit);
            if (c is >= '\u0900' and <= '\u097F') AddDevanagari(spelled, c, word[(i + 1)..]);
            else if (c is >= '\u0590' and <= '\u05C7') AddUnlessMark(spelled, c);
            else if (c is >= '\u0600' and <= '\u06FF') AddUnlessMark(spelled, c switch { 'ی' => 'ي', 'ک' => 'ك', _ => c });
            else spelled.Append(c == 'İ' ? 'i' : c == 'ё' || c == 'Ё' ? 'е' : char.ToLowerInvariant(c));
        }

        return spelled.ToString();
    }

    /// <summary>Without the accents of Latin, Greek and Cyrillic letters, which are often left out. <paramref name="stem"/> is decomposed (NFKD).</summary>
    public static string WithoutAccents(string stem)
    {
        if (Ascii.IsValid(stem)) return stem;
        var plain = new StringBuilder(stem.Length);
        foreach (var c in stem)
        {
            if (c is (>= '\u0300' and <= '\u036F')) continue;
            switch (c)
            {
                case 'ß': plain.Append("ss"); break;
                case 'æ': plain.Append("ae"); break;
                case 'œ': plain.Append("oe"); break;
                case 'ø': plain.Append('o'); break;
                case 'ł': plain.Append('l'); break;
                case 'đ' or 'ð': plain.Append('d'); break;
                case 'ı': plain.Append('i'); break;
                case 'þ': plain.Append("th"); break;
                case 'ς': plain.Append('σ'); break;
                case 'أ' or 'إ' or 'آ' or 'ٱ': plain.Append('ا'); break;
                case 'ى': plain.Append('ي'); break;
                case 'ة': plain.Append('ه'); break;
                case 'ٔ' or 'ٕ' or 'ٓ': break;
                default: plain.Append(c); break;
            }
        }

        return plain.ToString();
    }

    private static bool IsThousands(ReadOnlySpan<char> word, int comma)
    {
        var end = comma + 1;
        while (end < word.Length && char.IsAsciiDigit(word[end])) end++;
        return end - comma - 1 == 3;
    }

    private static void AddUnlessMark(StringBuilder to, char c)
    {
        if (char.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark) to.Append(c);
    }

    // Dots under letters (nukta) and the moon over vowels are set by some and not by others; a nasal before a consonant of its place is written as a letter or as a dot.
    private static void AddDevanagari(StringBuilder to, char c, ReadOnlySpan<char> after)
    {
        const string Bases = "कखगजडढफय";
        if (c == '\u093C') return;
        if (c == '\u0901') c = '\u0902';
        if (c is >= '\u0958' and <= '\u095F') c = Bases[c - '\u0958'];
        if (after.Length >= 2 && after[0] == '\u094D' && IsNasalOf(c, after[1])) c = '\u0902';
        // The stroke that joined the nasal to its consonant.
        if (c == '\u094D' && to.Length > 0 && to[^1] == '\u0902') return;
        to.Append(c);
    }

    private static bool IsNasalOf(char nasal, char consonant) => nasal switch
    {
        'ङ' => consonant is >= 'क' and <= 'घ',
        'ञ' => consonant is >= 'च' and <= 'झ',
        'ण' => consonant is >= 'ट' and <= 'ढ',
        'न' => consonant is >= 'ट' and <= 'ध' and not 'ण',
        'म' => consonant is >= 'प' and <= 'भ',
        _ => false,
    };
}
