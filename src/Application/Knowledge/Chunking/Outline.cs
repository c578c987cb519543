using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Application.Knowledge.Chunking;

/// <summary>Under which headings each block of a document stands, and in which table. Headings are shortened: with any chunk they must fit into a model.</summary>
internal sealed class Outline
{
    private const int MostCharacters = 200;
    private const int MostOfColumns = 400;
    private const int Deepest = 8;

    private readonly ExtractedText _source;
    private readonly string? _title;
    private readonly Heading?[] _headings;

    // The block of a row's column names, or -1.
    private readonly int[] _columns;

    public Outline(ExtractedText source)
    {
        _source = source;
        _title = string.IsNullOrWhiteSpace(source.Title) ? null : Shorten(source.Title, MostCharacters);
        _headings = new Heading?[source.Blocks.Count];
        _columns = new int[source.Blocks.Count];
        Heading? current = null;
        var columns = -1;
        for (var i = 0; i < source.Blocks.Count; i++)
        {
            var block = source.Blocks[i].Block;
            if (block.Kind is BlockKind.Heading) current = Heading.Under(current, Math.Max(block.Level, 1), Shorten(block.Text, MostCharacters));
            columns = block.Kind switch { BlockKind.TableHeader => i, BlockKind.TableRow => columns, _ => -1 };
            (_headings[i], _columns[i]) = (current, columns);
        }
    }

    /// <summary>
    /// The headings over a chunk of these blocks. One that begins with a heading says itself what it is of, so of several sections those headings are left that all are under; one
    /// that begins within a section is told by that one's. Rows are told by the names of their columns where those are not in the chunk itself.
    /// </summary>
    public IReadOnlyList<string> Of(int first, int last, bool beginsBlock)
    {
        var heading = _headings[first];
        if (beginsBlock && _source.Blocks[first].Block.Kind is BlockKind.Heading)
        {
            for (var i = first + 1; i <= last && heading is not null; i++) heading = Heading.Common(heading, _headings[i]);
        }

        var path = new List<string>();
        for (; heading is not null; heading = heading.Parent) path.Insert(0, heading.Text);
        if (path.Count > Deepest) path.RemoveRange(0, path.Count - Deepest);
        if (_title is not null && path.FirstOrDefault() != _title) path.Insert(0, _title);
        if (_columns[first] is >= 0 and var columns && columns < first) path.Add(Shorten(_source.Blocks[columns].Block.Text, MostOfColumns));
        return path;
    }

    private static string Shorten(string text, int most)
    {
        var line = string.Join(' ', text[..Math.Min(text.Length, most * 4)].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= most) return line;
        return line[..(char.IsHighSurrogate(line[most - 1]) ? most - 1 : most)];
    }

    private sealed record Heading(Heading? Parent, int Level, int Depth, string Text)
    {
        public static Heading Under(Heading? current, int level, string text)
        {
            while (current is not null && current.Level >= level) current = current.Parent;
            return new Heading(current, level, (current?.Depth ?? 0) + 1, text);
        }

        public static Heading? Common(Heading? a, Heading? b)
        {
            while (!ReferenceEquals(a, b))
            {
                if ((a?.Depth ?? 0) >= (b?.Depth ?? 0)) a = a?.Parent;
                else b = b?.Parent;
            }

            return a;
        }
    }
}
