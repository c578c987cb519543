using System.Globalization;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>
/// Rows of a table as they come. Where the first row names the columns, each other row says them ("Name: Ada | Born: 1815"), so that it is understood,
/// and found, without the rest of its table.
/// </summary>
internal sealed class TableWriter(DocumentWriter to)
{
    private const int LongestName = 80;
    private string[]? _columns;
    private bool _begun;

    /// <summary>A new table: its first row is looked at again.</summary>
    public void Begin() => (_columns, _begun) = (null, false);

    /// <param name="header">What the document itself says of the row; null when it says nothing.</param>
    public void Row(IReadOnlyList<string> cells, bool? header = null)
    {
        var values = cells.Select(TextHygiene.Collapse).ToArray();
        if (Array.TrueForAll(values, value => value.Length == 0)) return;
        if (!_begun)
        {
            _begun = true;
            if (header ?? NamesColumns(values))
            {
                _columns = values;
                to.TableHeader(string.Join(" | ", values.Where(value => value.Length > 0)));
                return;
            }
        }

        to.TableRow(string.Join(" | ", values.Select(Cell).Where(cell => cell.Length > 0)));
    }

    private string Cell(string value, int column) =>
        value.Length > 0 && _columns is not null && column < _columns.Length && _columns[column].Length > 0 ? $"{_columns[column]}: {value}" : value;

    /// <summary>Several short words, and no number among them.</summary>
    private static bool NamesColumns(string[] values) =>
        values.Length > 1
        && values.Count(value => value.Length > 0) * 3 >= values.Length * 2
        && Array.TrueForAll(values, value => value.Length <= LongestName && !IsValue(value))
        && values.Where(value => value.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1;

    private static bool IsValue(string text) =>
        double.TryParse(text.TrimStart('$', '€', '£', '₹').TrimEnd('%'), NumberStyles.Any, CultureInfo.InvariantCulture, out _)
        || DateTime.TryParse(text, CultureInfo.InvariantCulture, out _) && text.Any(char.IsDigit);
}
