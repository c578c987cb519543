using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>What a line at the head or foot of a page says, its numbers apart from the rest.</summary>
internal sealed class MarginText
{
    private const int MostNumbers = 8;

    /// <summary>Letters of a word such as "of", between the page's number and that of all pages.</summary>
    private const int ShortWord = 3;

    /// <summary>Where a language is missing here, more is left in the text than need be.</summary>
    private static readonly FrozenSet<string> Page = FrozenSet.Create(
        "page", "pages", "pg", "seite", "página", "pagina", "pág", "pag", "blz", "sida", "sivu", "strona", "str", "strana", "stránka", "oldal", "sayfa", "halaman", "trang",
        "страница", "стр", "сторінка", "σελίδα", "पृष्ठ", "صفحة", "الصفحة", "עמוד", "页", "頁", "ページ", "쪽", "페이지");

    private readonly List<string> _words;

    private MarginText(string pattern, int[] numbers)
    {
        (Pattern, Numbers) = (pattern, numbers);
        _words = [.. new string([.. pattern.Select(c => char.IsLetter(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>In small letters, with a mark for each number.</summary>
    public string Pattern { get; }

    public int[] Numbers { get; }

    /// <summary>It says more than which page this is.</summary>
    public bool SaysMore => _words.Exists(word => word.Length > ShortWord && !Page.Contains(word));

    /// <summary>Whether its number, should it count the pages, is that of the page: it says so, says nothing else, or has it apart ("Report | 3").</summary>
    public bool IsOfPage => _words.Exists(Page.Contains)
        || Pattern is ['#', ' ', '|' or '·' or '•', ..] or [.., '|' or '·' or '•', ' ', '#']
        || (_words.Count == 0 && !Pattern.Contains('§', StringComparison.Ordinal) && (Numbers.Length == 1 || (Numbers.Length == 2 && Numbers[0] <= Numbers[1])));

    public static MarginText Of(string line)
    {
        if (Roman(line) is var roman and > 0) return new MarginText("#", [roman]);
        var (text, numbers) = (new StringBuilder(), new List<int>());
        for (var i = 0; i < line.Length;)
        {
            var digits = line.AsSpan(i).IndexOfAnyExceptInRange('0', '9');
            if (digits < 0) digits = line.Length - i;
            if (digits is > 0 and < 9 && numbers.Count < MostNumbers)
            {
                numbers.Add(int.Parse(line.AsSpan(i, digits), CultureInfo.InvariantCulture));
                text.Append('#');
                i += digits;
            }
            else
            {
                text.Append(char.ToLowerInvariant(line[i++]));
            }
        }

        return new MarginText(text.ToString(), [.. numbers]);
    }

    /// <summary>0 when it is none.</summary>
    private static int Roman(string text)
    {
        const string letters = "ivxlc";
        int[] values = [1, 5, 10, 50, 100];
        var number = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var at = letters.IndexOf(text[i], StringComparison.Ordinal);
            if (at < 0 || text.Length > 8) return 0;
            var next = i + 1 < text.Length ? letters.IndexOf(text[i + 1], StringComparison.Ordinal) : -1;
            number += next > at ? -values[at] : values[at];
        }

        return number;
    }
}
