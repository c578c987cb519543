using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>Writes tables; one that ends a page goes on with the first of the next, under the same names.</summary>
internal sealed class PdfTableWriter(DocumentWriter to)
{
    private TableWriter? _table;
    private IReadOnlyList<string> _header = [];

    public void Write(PdfTable table)
    {
        var repeated = _table is not null && table.Rows[0].SequenceEqual(_header);
        if (_table is null || (!repeated && (table.Header is true || table.Rows[0].Count != _header.Count)))
            (_table, _header) = (new TableWriter(to), table.Rows[0]);
        var first = true;
        foreach (var row in table.Rows)
        {
            // A line in one cell of many is about the rows below it.
            var only = row.Count > 2 && row.Count(cell => cell.Length > 0) == 1;
            if (only && !first) to.TableRow(string.Concat(row));
            else if (!(first && repeated)) _table.Row(row, first ? table.Header : null);
            first = false;
        }
    }

    /// <summary>Something else follows.</summary>
    public void End() => _table = null;
}
