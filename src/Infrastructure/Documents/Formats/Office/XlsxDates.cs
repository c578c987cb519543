using System.Globalization;

namespace AiPlatform.Infrastructure.Documents.Formats.Office;

/// <summary>Days are numbers in a workbook; only the style of a cell tells.</summary>
internal sealed class XlsxDates
{
    private readonly HashSet<string> _dateStyles = [];
    private double _epochShift;

    public static XlsxDates Read(OfficeXml xml, string styles, string workbook)
    {
        var dates = new XlsxDates();
        var formats = new HashSet<string>();
        var (inCells, index) = (false, 0);
        xml.Walk(styles, reader =>
        {
            switch (reader.LocalName)
            {
                case "numFmt" when reader.GetAttribute("numFmtId") is { } id && IsDate(reader.GetAttribute("formatCode") ?? ""): formats.Add(id); break;
                case "cellXfs": inCells = true; break;
                case "xf" when inCells:
                    var format = reader.GetAttribute("numFmtId") ?? "0";
                    if (formats.Contains(format) || IsBuiltIn(format)) dates._dateStyles.Add(index.ToString(CultureInfo.InvariantCulture));
                    index++;
                    break;
            }
        }, reader => inCells &= reader.LocalName != "cellXfs");
        xml.Walk(workbook, reader =>
        {
            if (reader.LocalName == "workbookPr" && reader.GetAttribute("date1904") is "1" or "true") dates._epochShift = 1462;
        });
        return dates;
    }

    /// <summary>Null when it is a plain number.</summary>
    public string? Format(double number, string? style)
    {
        var day = number + _epochShift;
        if (style is null || !_dateStyles.Contains(style) || day is < 0 or >= 2_958_466) return null;
        var date = DateTime.FromOADate(day);
        if (day < 1) return date.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return date.ToString(date.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    private static bool IsBuiltIn(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is (>= 14 and <= 22) or (>= 45 and <= 47);

    /// <summary>Letters of days and times outside of quotes and brackets.</summary>
    private static bool IsDate(string code)
    {
        var (quoted, bracketed) = (false, false);
        foreach (var c in code)
        {
            if (c == '"') quoted = !quoted;
            else if (c == '[') bracketed = true;
            else if (c == ']') bracketed = false;
            else if (!quoted && !bracketed && c is 'y' or 'Y' or 'd' or 'D' or 'h' or 'H') return true;
        }

        return false;
    }
}
