using System.Globalization;

namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>A family of letters, as far as analysis treats them differently.</summary>
internal enum Script
{
    Latin,
    Cyrillic,
    Greek,
    Armenian,
    Hebrew,
    Arabic,
    Devanagari,
    Tamil,

    /// <summary>Any other whose words stand between spaces.</summary>
    Other,
}

/// <summary>What a character is to a word.</summary>
internal enum CharKind
{
    /// <summary>Between words.</summary>
    None,
    Letter,
    Digit,

    /// <summary>Belongs to the letter before it.</summary>
    Mark,

    /// <summary>Invisible, as a soft hyphen: neither ends a word nor is part of it.</summary>
    Ignorable,

    /// <summary>Chinese, Japanese: no spaces between words, and a character has a meaning of its own.</summary>
    Han,

    /// <summary>Kana, Thai, Lao, Khmer, Burmese: no spaces between words.</summary>
    Syllable,

    /// <summary>Korean: spaces, but words grow particles at their ends.</summary>
    Hangul,
}

internal static class Scripts
{
    public static CharKind KindOf(int c)
    {
        if (c < 0x80) return char.IsAsciiLetter((char)c) ? CharKind.Letter : char.IsAsciiDigit((char)c) ? CharKind.Digit : CharKind.None;
        switch (c)
        {
            case 0xAD or 0x200B or 0x200C or 0x200D or 0x2060 or 0xFEFF or 0x640: return CharKind.Ignorable;
            case 0x3005 or 0x3006 or 0x3007 or (>= 0x2E80 and <= 0x2FDF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF): return CharKind.Han;
            case (>= 0x3041 and <= 0x309F) or (>= 0x30A1 and <= 0x30FA) or (>= 0x30FC and <= 0x312F) or (>= 0x31F0 and <= 0x31FF) or (>= 0xFF66 and <= 0xFF9F): return CharKind.Syllable;
            case >= 0xAC00 and <= 0xD7AF: return CharKind.Hangul;
        }

        switch (CharUnicodeInfo.GetUnicodeCategory(c))
        {
            case UnicodeCategory.DecimalDigitNumber: return CharKind.Digit;
            // H₂O and m² are written with digits; halves and numbers in circles are not words.
            case UnicodeCategory.OtherNumber: return CharUnicodeInfo.GetDigitValue(char.ConvertFromUtf32(c), 0) >= 0 && c < 0x2100 ? CharKind.Digit : CharKind.None;
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark: return CharKind.Mark;
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter:
                return HasNoSpaces(c) ? CharKind.Syllable : CharKind.Letter;
            default: return CharKind.None;
        }
    }

    public static Script Of(int c) => c switch
    {
        < 0x370 or (>= 0x1E00 and < 0x1F00) or (>= 0xFF21 and <= 0xFF5A) or (>= 0x2C60 and < 0x2C80) or (>= 0xFB00 and <= 0xFB06) => Script.Latin,
        < 0x400 or (>= 0x1F00 and < 0x2000) => Script.Greek,
        < 0x530 => Script.Cyrillic,
        < 0x590 => Script.Armenian,
        < 0x600 => Script.Hebrew,
        < 0x700 or (>= 0x750 and < 0x780) or (>= 0x8A0 and < 0x900) or (>= 0xFB50 and < 0xFE00) or (>= 0xFE70 and < 0xFF00) => Script.Arabic,
        >= 0x900 and < 0x980 => Script.Devanagari,
        >= 0xB80 and < 0xC00 => Script.Tamil,
        _ => Script.Other,
    };

    // Thai, Lao, Burmese, Khmer and its neighbours.
    private static bool HasNoSpaces(int c) => c is (>= 0xE01 and <= 0xEFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x1950 and <= 0x1AAF) or (>= 0xA9E0 and <= 0xAA7F);
}
