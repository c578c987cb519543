namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>Rows below each other whose pieces stand in columns: a table, perhaps, or prose in columns.</summary>
internal sealed class PdfRegion
{
    private const int MostColumns = 40;

    /// <summary>Of a row's height: whatever is further away belongs to something else.</summary>
    private const double Far = 2.2;

    /// <summary>Points by which pieces of different columns may seem to touch.</summary>
    private const double Touch = 1;

    private readonly List<PdfRow> _rows;
    private List<(double Left, double Right)> _columns;

    private PdfRegion(PdfRow first, IEnumerable<PdfLine> pieces) => (_rows, _columns) = ([first], [.. pieces.Select(piece => (piece.Left, piece.Right))]);

    public IReadOnlyList<PdfRow> Rows => _rows;
    public IReadOnlyList<(double Left, double Right)> Columns => _columns;

    /// <summary>How many rows have something in several columns.</summary>
    public int Multiple => Enumerable.Range(0, _rows.Count).Count(i => _rows[i].Pieces.Count > 1 || (i > 0 && _rows[i].IsNear(_rows[i - 1])));

    public double Left => _columns[0].Left;
    public double Right => _columns[^1].Right;
    public IEnumerable<PdfLine> Pieces => _rows.SelectMany(row => row.Pieces);

    /// <summary>The regions of a page from its top, each with two columns or more.</summary>
    public static IEnumerable<PdfRegion> Of(IReadOnlyList<PdfRow> rows, PdfRules rules)
    {
        var end = 0;
        for (var first = 0; first < rows.Count;)
        {
            if (Begin(rows, first) is not { } region)
            {
                first++;
                continue;
            }

            var next = first + 1;
            while (next < rows.Count && region.TryAdd(rows[next])) next++;
            for (var above = first - 1; above >= end && region.TryPutAbove(rows[above], rules); above--) region._rows.Insert(0, rows[above]);
            region.DropLast(rules);
            end = first = first + region._rows.Count - region._rows.IndexOf(rows[first]);
            yield return region;
        }
    }

    /// <summary>The column in which the piece stands, the first of several.</summary>
    public int ColumnOf(PdfLine piece)
    {
        for (var i = 0; i < _columns.Count; i++)
            if (Overlap(_columns[i], piece) > 0) return i;
        return _columns.Count - 1;
    }

    private static PdfRegion? Begin(IReadOnlyList<PdfRow> rows, int first)
    {
        if (AreBeside(rows[first].Pieces)) return new PdfRegion(rows[first], rows[first].Pieces);
        if (first + 1 == rows.Count || !rows[first + 1].IsNear(rows[first]) || rows[first].Pieces.Count + rows[first + 1].Pieces.Count > MostColumns) return null;
        List<PdfLine> both = [.. rows[first].Pieces.Concat(rows[first + 1].Pieces).OrderBy(piece => piece.Left)];
        return AreBeside(both) ? new PdfRegion(rows[first], both) : null;
    }

    private static bool AreBeside(List<PdfLine> pieces)
    {
        if (pieces.Count is < 2 or > MostColumns) return false;
        for (var i = 1; i < pieces.Count; i++)
            if (pieces[i].Left < pieces[i - 1].Right) return false;
        return true;
    }

    private bool TryAdd(PdfRow row)
    {
        if (row.Pieces.Count > MostColumns || row.Top - _rows[^1].Bottom > Far * Math.Max(row.Height, _rows[^1].Height)) return false;
        // The first row may have names that stand above several columns.
        if (_rows.Count == 1 && row.Pieces.Count > _columns.Count && AreBeside(row.Pieces) && row.Pieces[0].Left < _columns[0].Right) _columns = Finer(row);
        if (Aligned(row) is { } aligned)
        {
            _columns = aligned;
            _rows.Add(row);
            return true;
        }

        foreach (var piece in row.Pieces) Merge(piece);
        var columns = _columns.ToList();
        var spanning = 0;
        foreach (var piece in row.Pieces)
        {
            var (first, count) = Overlapping(columns, piece);
            if (count > 1) spanning++;
            else if (count == 1) columns[first] = (Math.Min(columns[first].Left, piece.Left), Math.Max(columns[first].Right, piece.Right));
            else if (row.Pieces.Count == 1 || columns.Count == MostColumns) return false;
            else columns.Insert(first, (piece.Left, piece.Right));
        }

        if (columns.Count < 2 || (spanning > 0 && (row.Pieces.Count == 1 || spanning > 1))) return false;
        _columns = columns;
        _rows.Add(row);
        return true;
    }

    /// <summary>A piece for each column, as they stand, whether in its middle or at its edge.</summary>
    private List<(double Left, double Right)>? Aligned(PdfRow row)
    {
        if (row.Pieces.Count != _columns.Count) return null;
        var columns = _columns.Zip(row.Pieces, (column, piece) => (Left: Math.Min(column.Left, piece.Left), Right: Math.Max(column.Right, piece.Right))).ToList();
        for (var i = 1; i < columns.Count; i++)
            if (columns[i].Left < columns[i - 1].Right) return null;
        return columns;
    }

    /// <summary>Columns below a long piece are one if no row has something in two of them: a short name may stand beside what it names.</summary>
    private void Merge(PdfLine piece)
    {
        var (first, count) = Overlapping(_columns, piece);
        if (count < 2 || count == _columns.Count) return;
        if (_rows.Exists(row => row.Pieces.Count(other => ColumnOf(other) >= first && ColumnOf(other) < first + count) > 1)) return;
        _columns[first] = (_columns[first].Left, _columns[first + count - 1].Right);
        _columns.RemoveRange(first + 1, count - 1);
    }

    /// <summary>Columns of this row, and those of the first that it does not have.</summary>
    private List<(double Left, double Right)> Finer(PdfRow row)
    {
        var columns = row.Pieces.ConvertAll(piece => (piece.Left, piece.Right));
        columns.AddRange(_columns.Where(column => !row.Pieces.Exists(piece => Overlap(column, piece) > 0)));
        columns.Sort();
        return columns;
    }

    /// <summary>The line before may be the beginning of a cell whose neighbours stand in its middle, or at its end.</summary>
    private bool TryPutAbove(PdfRow row, PdfRules rules)
    {
        if (row.Pieces.Count != 1 || Overlapping(_columns, row.Pieces[0]).Count != 1) return false;
        var first = _rows[0];
        var gap = first.Top - row.Bottom;
        if (gap < -0.25 * row.Height) return true;
        return gap < 0.35 * row.Height && Touches(rules, row.Top - row.Height, row.Middle) && !Touches(rules, row.Middle + row.Height / 4, first.Middle - first.Height / 4);
    }

    /// <summary>A single line at the end belongs to the table when it goes on with a cell, or stands within the table's frame.</summary>
    private void DropLast(PdfRules rules)
    {
        while (_rows.Count > 1 && _rows[^1].Pieces.Count == 1)
        {
            var (last, before) = (_rows[^1], _rows[^2]);
            if (last.Top - before.Bottom < 0.35 * last.Height && ColumnOf(last.Pieces[0]) > 0) return;
            if (last.Top - before.Bottom < -0.25 * last.Height || Touches(rules, last.Middle, last.Bottom + last.Height)) return;
            _rows.RemoveAt(_rows.Count - 1);
        }
    }

    private bool Touches(PdfRules rules, double top, double bottom) => rules.HasAcross(top, bottom, Left, Right, 0.6);

    private static (int First, int Count) Overlapping(List<(double Left, double Right)> columns, PdfLine piece)
    {
        var first = 0;
        while (first < columns.Count && columns[first].Right - Touch <= piece.Left && Overlap(columns[first], piece) <= 0) first++;
        var count = 0;
        while (first + count < columns.Count && Overlap(columns[first + count], piece) > 0) count++;
        return (first, count);
    }

    private static double Overlap((double Left, double Right) column, PdfLine piece) =>
        Math.Min(column.Right, piece.Right) - Math.Max(column.Left, piece.Left) - Math.Min(Touch, (piece.Right - piece.Left) / 2);
}
