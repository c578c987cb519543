using System.Globalization;
using System.Text.RegularExpressions;

namespace AiPlatform.FakeModels;

/// <summary>Answers that cite the passages in the prompt: as they should, or in all the ways models get it wrong.</summary>
internal static partial class FakeCitations
{
    private const int Statements = 6;
    private const int LongestPiece = 6;

    public static List<Token> Tokens(Prompt prompt, FakeDirective directive)
    {
        var random = new Random(directive.Seed);
        var text = TextFor(PassagesIn(prompt), directive.Cite, random);
        var tokens = new List<Token>();
        for (var at = 0; at < text.Length;)
        {
            var end = Math.Min(text.Length, at + random.Next(1, LongestPiece + 1));
            if (end < text.Length && char.IsLowSurrogate(text[end])) end++;
            tokens.Add(new Token(text[at..end]));
            at = end;
        }

        return tokens;
    }

    private static string TextFor(List<(int Number, string Text)> passages, FakeCite manner, Random random)
    {
        if (passages.Count == 0) return "The documents do not say.";
        var statements = new List<string>();
        for (var i = 1; i <= Statements; i++)
        {
            var (number, text) = passages[random.Next(passages.Count)];
            var other = passages[random.Next(passages.Count)];
            var marker = manner is FakeCite.Right ? $"【{number}†{Quote(text, random)}】" : Wrong(number, text, other.Text, passages.Count, random);
            statements.Add($"Statement {i}{(random.Next(2) == 0 ? " " : "")}{marker}.");
        }

        return string.Join(random.Next(2) == 0 ? " " : "\n", statements);
    }

    private static string Wrong(int number, string text, string other, int count, Random random)
    {
        var quote = Quote(text, random);
        return random.Next(18) switch
        {
            0 => $"【{count + random.Next(1, 9)}†{quote}】",
            1 => $"【0†{quote}】",
            2 => $"【{number}†{quote} which is not so】",
            3 => $"【{number}†{Altered(quote, random)}】",
            4 => $"【{number}†The committee decided otherwise in {random.Next(1900, 2100)}.】",
            5 => $"【{number}†{Quote(other, random)}】",
            6 => $"【†{quote}】",
            7 => $"【{number}{quote}】",
            8 => $"【{number}†{quote}",
            9 => $"【{number}†a 【{number}†{quote}】 b】",
            10 => $"{number}†{quote}】",
            11 => $"【{number}†】",
            12 => $"【{number}:0†source】",
            13 => $"【【{number}†{quote}】】",
            14 => $"【{number}†{quote}\n\n",
            15 => $"【{number}†{quote.ToUpperInvariant()}】",
            16 => $"【 {number} † “{quote}” 】",
            _ => $"【{number}†{quote}】",
        };
    }

    private static string Quote(string text, Random random)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return text;
        var first = random.Next(words.Length);
        return string.Join(' ', words.Skip(first).Take(random.Next(3, 9)));
    }

    private static string Altered(string quote, Random random)
    {
        var words = quote.Split(' ');
        var at = random.Next(words.Length);
        words[at] = words[at].Any(char.IsDigit) ? "7134" : words[at] + "ish";
        return string.Join(' ', words);
    }

    private static List<(int Number, string Text)> PassagesIn(Prompt prompt) =>
    [
        .. prompt.Turns.SelectMany(turn => Passage().Matches(turn.Text)).Select(match => (int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), match.Groups[3].Value)),
    ];

    [GeneratedRegex("<passage-(\\w+) number=\"(\\d+)\"[^>]*>\n(.*?)\n</passage-\\1>", RegexOptions.Singleline)]
    private static partial Regex Passage();
}
