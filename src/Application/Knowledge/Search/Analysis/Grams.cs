using System.Buffers;
using System.Text;

namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>A piece of a run in which words cannot be told apart, from <c>Start</c>.</summary>
internal readonly record struct Gram(int Offset, int Start, int Length, bool IsWhole, double Weight);

/// <summary>
/// Cuts a run of Chinese, Japanese, Korean, Thai and the like into overlapping pairs of characters, and Han characters also into single ones. Runs end where Japanese changes its letters at
/// the beginning of a word.
/// </summary>
internal static class Grams
{
    // What a pair says that is partly or wholly grammar, and what a character says without its neighbour.
    private const double Half = 0.5;
    private const double Little = 0.3;

    // Particles of Chinese that stand between words.
    private static readonly SearchValues<char> Particles = SearchValues.Create("的了吗呢是在和与及或啊吧");

    private static readonly HashSet<string> Empty =
    [
        "什么", "怎么", "如何", "哪些", "哪个", "多少", "为什", "哪里", "几个", "什麼", "怎麼", "多久", "是否", "请问",
        "です", "すか", "ます", "ませ", "せん", "した", "まし", "する", "いる", "ある", "こと", "から", "まで", "など", "とい", "いう", "とは", "何で", "では", "には", "どの", "どこ", "なに", "にな", "って",
        "니다", "습니", "입니", "니까", "무엇", "어떻", "떻게", "어디", "언제", "누구", "얼마", "하는", "나요", "있는", "인가", "가요",
    ];

    // Khmer, and sometimes Thai, have it between words.
    private const char Space = '\u200B';

    private enum Letters
    {
        Han,
        Hiragana,
        Katakana,
        Hangul,
        Other,
    }

    public static List<Gram> Of(ReadOnlySpan<char> run)
    {
        var (grams, units) = (new List<Gram>(), new List<(int Start, int End, Letters Letters)>());
        var offset = 0;
        for (var at = 0; at < run.Length;)
        {
            if (run[at] == Space)
            {
                Close();
                at++;
                continue;
            }

            var end = EndOfUnit(run, at);
            var letters = LettersOf(run, at);
            if (units.Count > 0 && Parts(units[^1].Letters, letters)) Close();
            units.Add((at, end, letters));
            at = end;
        }

        Close();
        return grams;

        void Close()
        {
            for (var i = 0; i < units.Count; i++)
            {
                var (start, end, letters) = units[i];
                var alone = units.Count == 1 || (letters is Letters.Hangul && units.Count == 2 && i == 0);
                if (letters is Letters.Han || (alone && letters is not Letters.Hiragana)) grams.Add(new Gram(offset + i, start, end - start, units.Count == 1, units.Count == 1 ? 1 : Little));
                if (i + 1 < units.Count) grams.Add(new Gram(offset + i, start, units[i + 1].End - start, true, letters is Letters.Hiragana || units[i + 1].Letters is Letters.Hiragana ? Half : 1));
            }

            offset += units.Count;
            units.Clear();
        }
    }

    /// <summary>What a gram of a query counts beside a word: nothing where it asks and does not say, little where it is half a particle. Most words are two pairs or more.</summary>
    public static double WeightOf(ReadOnlySpan<char> gram, double weight)
    {
        if (Empty.GetAlternateLookup<ReadOnlySpan<char>>().Contains(gram) || (gram.Length == 1 && Particles.Contains(gram[0]))) return 0;
        return Half * (gram.Length == 2 && gram.ContainsAny(Particles) ? Math.Min(weight, Little) : weight);
    }

    private static int EndOfUnit(ReadOnlySpan<char> run, int start)
    {
        var at = start + (char.IsHighSurrogate(run[start]) && start + 1 < run.Length ? 2 : 1);
        while (at < run.Length && run[at] != Space && (Scripts.KindOf(run[at]) is CharKind.Mark or CharKind.Ignorable || IsJoiner(run[at - 1]))) at++;
        return at;
    }

    // Khmer and Burmese write the second of two consonants below the first.
    private static bool IsJoiner(char c) => c is '\u17D2' or '\u1039';

    private static Letters LettersOf(ReadOnlySpan<char> run, int at)
    {
        if (Rune.DecodeFromUtf16(run[at..], out var rune, out _) is not OperationStatus.Done) return Letters.Other;
        return rune.Value switch
        {
            >= 0x3041 and <= 0x309F => Letters.Hiragana,
            >= 0x30A0 and <= 0x30FF => Letters.Katakana,
            >= 0xAC00 and <= 0xD7AF => Letters.Hangul,
            var c when Scripts.KindOf(c) is CharKind.Han => Letters.Han,
            _ => Letters.Other,
        };
    }

    // Words in katakana are whole; after hiragana a Han character begins a word, while hiragana after it may be its ending.
    private static bool Parts(Letters before, Letters after) =>
        before != after && (before is Letters.Katakana || after is Letters.Katakana || (before is Letters.Hiragana && after is Letters.Han));
}
