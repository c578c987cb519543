using System.Text;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Text;

/// <summary>Rows of separated values (RFC 4180), read leniently: a quote in the midst of a value is a quote, and one that is never closed ends with the file.</summary>
internal static class CsvRows
{
    private const int LongestCell = 1_000_000;
    private const int MostColumns = 20_000;

    /// <summary>The list is the same one for every row.</summary>
    public static IEnumerable<IReadOnlyList<string>> Read(TextReader reader, char separator)
    {
        var row = new List<string>();
        var cell = new StringBuilder();
        var (quoted, begun) = (false, false);
        var buffer = new char[1 << 15];
        var previous = '\0';
        for (int read; (read = reader.Read(buffer)) > 0;)
        {
            for (var i = 0; i < read; i++)
            {
                var c = buffer[i];
                if (quoted)
                {
                    if (c == '"') quoted = false;
                    else Append(cell, c);
                }
                else if (c == '"' && (!begun || previous == '"'))
                {
                    // Two quotes within quotes are one.
                    if (begun) Append(cell, c);
                    (quoted, begun) = (true, true);
                }
                else if (c == separator)
                {
                    EndCell();
                }
                else if (c is '\n' or '\r')
                {
                    if (c == '\r' || previous != '\r')
                    {
                        EndCell();
                        yield return row;
                        row.Clear();
                    }
                }
                else
                {
                    Append(cell, c);
                    begun = true;
                }

                previous = c;
            }
        }

        if (cell.Length == 0 && row.Count == 0) yield break;
        EndCell();
        yield return row;

        void EndCell()
        {
            if (row.Count >= MostColumns) throw Refuse.TooLarge("table", $"has more than {MostColumns} columns");
            row.Add(cell.ToString());
            cell.Clear();
            begun = false;
        }
    }

    private static void Append(StringBuilder cell, char c)
    {
        if (cell.Length >= LongestCell) throw Refuse.TooLarge("table", "has a cell of more than a million characters");
        cell.Append(c);
    }
}
