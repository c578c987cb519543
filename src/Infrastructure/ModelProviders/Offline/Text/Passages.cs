using System.Text.RegularExpressions;

namespace AiPlatform.Infrastructure.ModelProviders.Offline.Text;

/// <summary>A sentence that can be quoted, and where it stood: sentences with equal <paramref name="Paragraph"/> follow one another.</summary>
internal sealed record Sentence(string Text, int Paragraph, string? Heading, string? Label = null)
{
    /// <summary>The number of the passage of a document that it is from.</summary>
    public int? Passage { get; init; }

    /// <summary>The sentence as it is quoted: with a citation, where it is a document's.</summary>
    public string Quoted => Passage is { } number && !Text.AsSpan().ContainsAny("【†】") ? $"{Text} 【{number}†{Text}】" : Text;
}

/// <summary>Reads plain text and simple markdown: paragraphs, headings, list items; leaves out tags, rules and fences that stand on a line of their own.</summary>
internal static partial class Passages
{
    // A shorter line that does not end a sentence was broken on purpose: a title, an address, a list without bullets.
    private const int WrappedLine = 40;
    private const int LongLine = 60;

    /// <summary>The sentences of <paramref name="input"/> in order; paragraphs are numbered from <paramref name="firstParagraph"/>.</summary>
    public static List<Sentence> Read(string input, int firstParagraph = 0)
    {
        var sentences = new List<Sentence>();
        var paragraph = firstParagraph;
        string? heading = null;
        var block = new List<string>();
        foreach (var raw in input.Split('\n'))
        {
            var line = Tags().Replace(raw, " ").Trim();
            var item = Bullet().Match(line);
            if (line.Length == 0 || Rule().IsMatch(line)) Close(newParagraph: true);
            else if (Heading().Match(line) is { Success: true } title)
            {
                Close(newParagraph: true);
                heading = title.Groups[1].Value.Trim(' ', '#', '*');
            }
            else if (item.Success || LabelledLine().IsMatch(line) || line[0] == '|')
            {
                Close(newParagraph: false);
                block.Add(line[item.Length..]);
            }
            else
            {
                if (block.Count > 0 && !Continues(block[^1], line)) Close(newParagraph: false);
                block.Add(line);
            }
        }

        Close(newParagraph: true);
        return sentences;

        void Close(bool newParagraph)
        {
            var text = string.Join('\n', block);
            var label = LabelledLine().Match(text);
            foreach (var sentence in SentenceSplitter.Split(text[label.Length..]))
                sentences.Add(new Sentence(sentence, paragraph, heading, label.Success ? label.Groups[1].Value.ToLowerInvariant() : null));
            block.Clear();
            if (newParagraph) paragraph++;
        }
    }

    private static bool Continues(string last, string line)
    {
        if (".!?:।。！？".Contains(last[^1], StringComparison.Ordinal)) return false;
        return last.Length >= (char.IsUpper(line[0]) ? LongLine : WrappedLine);
    }

    [GeneratedRegex(@"</?[A-Za-z][A-Za-z0-9_:-]{0,40}(?: [^<>]{0,300})?/?>", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Tags();

    [GeneratedRegex(@"^(?:[-*+•▪◦–]|\(?\d{1,3}[.)])\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Bullet();

    [GeneratedRegex(@"^(?:[-=_*~`#+<>\[\]{}|:\s]+|```\w*|\[/?\w+\])$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex(@"^#{1,6}\s+(.+)$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Heading();

    /// <summary>What prompt templates put before their parts.</summary>
    [GeneratedRegex(@"^\**(context|text|passage|document|article|information|source|content|input|question|query|q|answer|a|संदर्भ|पाठ|प्रसंग|प्रश्न|सवाल|उत्तर|frage|antwort|texte|texto|pregunta|respuesta|问题|質問|回答)\**\s*[:：]\**\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex LabelledLine();
}
