using System.Text;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>
/// Fonts have signs of their own for letters that are printed together, and for the forms that Arabic letters take within a word. Nobody searches for these.
/// (Normalization would know them, but is not there without the culture data of the system.)
/// </summary>
internal static class LetterForms
{
    private const char FirstForm = '\uFE80';
    private const char FirstLamAlef = '\uFEF5';
    private const char FirstFurtherForm = '\uFB50';
    private static readonly string[] Ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    /// <summary>The letters in the order of their forms, which are one, two or four for each.</summary>
    private static readonly string Forms = AsForms("ء", 1) + AsForms("آأؤإ", 2) + AsForms("ئ", 4) + AsForms("ا", 2) + AsForms("ب", 4) + AsForms("ة", 2) + AsForms("تثجحخ", 4)
        + AsForms("دذرز", 2) + AsForms("سشصضطظعغفقكلمنه", 4) + AsForms("وى", 2) + AsForms("ي", 4);

    /// <summary>Those that Persian, Urdu and their neighbours have besides.</summary>
    private static readonly string FurtherForms = AsForms("ٱ", 2) + AsForms("ٻپڀٺٿٹڤڦڄڃچڇ", 4) + AsForms("ڍڌڎڈژڑ", 2) + AsForms("کگڳڱ", 4) + AsForms("ں", 2) + AsForms("ڻ", 4) + AsForms("ۀ", 2) + AsForms("ہھ", 4)
        + AsForms("ےۓ", 2);

    /// <summary>The letters, from left to right; null when it is a letter itself.</summary>
    public static string? Of(char c) => c switch
    {
        >= '\uFB00' and <= '\uFB06' => Ligatures[c - '\uFB00'],
        >= FirstFurtherForm and <= '\uFBB1' => FurtherForms[c - FirstFurtherForm].ToString(),
        >= '\uFBFC' and <= '\uFBFF' => "ی",
        >= FirstForm and < FirstLamAlef => Forms[c - FirstForm].ToString(),
        >= FirstLamAlef and <= '\uFEFC' => "آأإا"[(c - FirstLamAlef) / 2] + "ل",
        _ => null,
    };

    private static string AsForms(string letters, int each) => letters.Aggregate(new StringBuilder(), (forms, letter) => forms.Append(letter, each)).ToString();
}
