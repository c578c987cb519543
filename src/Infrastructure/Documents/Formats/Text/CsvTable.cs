using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Text;

/// <summary>Tables of values with any of the usual separators, row by row.</summary>
internal static class CsvTable
{
    private const int SampleLines = 50;
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    public static void Read(SourceFile file, DocumentWriter to)
    {
        using var reader = new StreamReader(file.Path, TextEncodings.Of(file), detectEncodingFromByteOrderMarks: true, 1 << 16);
        var table = new TableWriter(to);
        to.NextPage();
        foreach (var row in CsvRows.Read(reader, Separator(file))) table.Row(row);
    }

    /// <summary>The one that most lines have equally often.</summary>
    private static char Separator(SourceFile file)
    {
        var head = TextEncodings.Of(file).GetString(file.Head);
        var lines = head.Split('\n', SampleLines + 1, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(SampleLines).ToList();
        // The last one of a longer file is cut off.
        if (lines.Count > 1 && file.Length > MagicBytes.Length) lines.RemoveAt(lines.Count - 1);
        var fallback = KnownExtensions.Of(file.Filename).ToUpperInvariant() is "TSV" or "TAB" ? '\t' : ',';
        var best = Separators
            .Select(separator => (Separator: separator, Counts: lines.Select(line => Count(line, separator)).ToList()))
            .Select(candidate => (candidate.Separator, Agreeing: candidate.Counts.Where(count => count > 0).GroupBy(count => count).Select(group => group.Count()).DefaultIfEmpty().Max()))
            .MaxBy(candidate => (candidate.Agreeing, candidate.Separator == fallback));
        return best.Agreeing == 0 ? fallback : best.Separator;
    }

    /// <summary>Outside of quotes.</summary>
    private static int Count(string line, char separator)
    {
        var (count, quoted) = (0, false);
        foreach (var c in line)
        {
            if (c == '"') quoted = !quoted;
            else if (c == separator && !quoted) count++;
        }

        return count;
    }
}
