namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>Words with a hyphen of their own, as they stand within the lines of a document: there it is not the line's end that broke them.</summary>
internal sealed class PdfCompounds
{
    private const int Most = 100_000;
    private const int Longest = 60;
    private readonly HashSet<string> _compounds = new(StringComparer.OrdinalIgnoreCase);

    public static PdfCompounds Of(IEnumerable<PdfPage> pages)
    {
        var words = new PdfCompounds();
        foreach (var line in pages.SelectMany(page => page.Lines)) words.Add(line.Text);
        return words;
    }

    public string Join(IEnumerable<string> lines) => Lines.Join(lines, (left, right) => _compounds.Contains($"{left}-{right}"));

    private void Add(string line)
    {
        for (var at = line.AsSpan().IndexOfAny('-', '\u2010'); at >= 0 && _compounds.Count < Most;)
        {
            var (start, end) = (at, at + 1);
            while (start > 0 && char.IsLetter(line[start - 1])) start--;
            while (end < line.Length && char.IsLetter(line[end])) end++;
            if (start < at && end > at + 1 && end - start <= Longest) _compounds.Add($"{line[start..at]}-{line[(at + 1)..end]}");
            var next = line.AsSpan(end).IndexOfAny('-', '\u2010');
            at = next < 0 ? -1 : end + next;
        }
    }
}
