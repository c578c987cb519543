namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>
/// Poppler takes terms and their explanations, each below its term and further in, for two columns. Lines that have nothing beside them are read from the top,
/// whatever column they seem to be in.
/// </summary>
internal static class PdfOrder
{
    /// <summary>Of a line's height: what begins further away is another column.</summary>
    private const double FurtherIn = 5;

    public static void Mend(PdfPage page)
    {
        var places = new List<(PdfBlock Block, int At)>();
        var order = new Dictionary<PdfLine, int>();
        foreach (var block in page.Blocks)
            for (var i = 0; i < block.Lines.Count; i++)
            {
                order[block.Lines[i]] = places.Count;
                places.Add((block, i));
            }

        var rows = PdfRow.Of(page.Lines);
        var alone = new List<PdfLine>();
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i].Pieces.Count == 1 && !rows[i].Pieces[0].Upright && !AreBeside(rows, i) && !AreBeside(rows, i + 1))
            {
                alone.Add(rows[i].Pieces[0]);
                continue;
            }

            Sort(alone, order, places);
            alone.Clear();
        }

        Sort(alone, order, places);
    }

    private static bool AreBeside(List<PdfRow> rows, int below) => below > 0 && below < rows.Count && rows[below].Top < rows[below - 1].Bottom - 0.3 * rows[below].Height;

    /// <summary>Gives them, from the top, the places that they have together.</summary>
    private static void Sort(List<PdfLine> lines, Dictionary<PdfLine, int> order, List<(PdfBlock Block, int At)> places)
    {
        if (lines.Count < 2 || lines.Max(line => line.Left) - lines.Min(line => line.Left) > FurtherIn * lines[0].Height) return;
        var taken = lines.ConvertAll(line => order[line]);
        taken.Sort();
        for (var i = 0; i < lines.Count; i++)
        {
            var (block, at) = places[taken[i]];
            block.Lines[at] = lines[i];
        }
    }
}
