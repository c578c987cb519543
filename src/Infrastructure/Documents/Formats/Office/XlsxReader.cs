using System.Globalization;
using System.Text;
using System.Xml;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Office;

/// <summary>Workbooks: a sheet is a page, called by its name; an empty row ends a table.</summary>
internal sealed class XlsxReader
{
    private const string Workbook = "xl/workbook.xml";
    private const int MostColumns = 16_384;

    private readonly DocumentWriter _to;
    private readonly TableWriter _table;
    private readonly List<string> _shared;
    private readonly XlsxDates _dates;
    private readonly StringBuilder _value = new();
    private readonly SortedDictionary<int, string> _cells = [];
    private int _row;
    private int _column;
    private string _type = "";
    private string? _style;
    private bool _inValue;
    private bool _inPhonetic;

    private XlsxReader(DocumentWriter to, List<string> shared, XlsxDates dates) => (_to, _shared, _dates, _table) = (to, shared, dates, new TableWriter(to));

    public static void Read(SourceFile file, DocumentWriter to)
    {
        using var zip = new ZipContent(file.Path, "workbook");
        var xml = new OfficeXml(zip, "workbook");
        to.SetTitle(xml.Title("docProps/core.xml"));
        var parts = xml.Relationships(Workbook);
        var sheets = new List<(string Name, string Part)>();
        xml.Walk(Workbook, reader =>
        {
            if (reader.LocalName == "sheet" && parts.TryGetValue(OfficeXml.RelationshipId(reader), out var part) && part.Type == "worksheet")
                sheets.Add((reader.GetAttribute("name") ?? "", part.Part));
        });
        var strings = parts.Values.FirstOrDefault(part => part.Type == "sharedStrings").Part ?? "xl/sharedStrings.xml";
        var shared = SharedStrings(xml, strings, to);
        var dates = XlsxDates.Read(xml, parts.Values.FirstOrDefault(part => part.Type == "styles").Part ?? "xl/styles.xml", Workbook);
        foreach (var (name, part) in sheets)
        {
            to.NextPage(name);
            var sheet = new XlsxReader(to, shared, dates);
            xml.Walk(part, sheet.Begin, sheet.End, sheet.Text);
        }
    }

    private static List<string> SharedStrings(OfficeXml xml, string part, DocumentWriter to)
    {
        var strings = new List<string>();
        var text = new StringBuilder();
        var (isText, isPhonetic, total) = (false, false, 0L);
        xml.Walk(part, reader =>
        {
            isPhonetic |= reader.LocalName == "rPh";
            isText = reader.LocalName == "t" && !isPhonetic;
        }, reader =>
        {
            if (reader.LocalName == "rPh") isPhonetic = false;
            if (reader.LocalName == "t") isText = false;
            if (reader.LocalName != "si") return;
            strings.Add(text.ToString());
            text.Clear();
        }, reader =>
        {
            if (!isText) return;
            text.Append(reader.Value);
            if ((total += reader.Value.Length) > to.Limits.MaxCharacters) throw Refuse.TooMuchText(to.Limits.MaxCharacters);
        });
        return strings;
    }

    private void Begin(XmlReader reader)
    {
        switch (reader.LocalName)
        {
            case "row": BeginRow(reader.GetAttribute("r")); break;
            case "c":
                _column = ColumnOf(reader.GetAttribute("r")) ?? _column + 1;
                (_type, _style) = (reader.GetAttribute("t") ?? "n", reader.GetAttribute("s"));
                _value.Clear();
                break;
            case "rPh": _inPhonetic = true; break;
            case "v" or "t": _inValue = !_inPhonetic; break;
        }
    }

    private void End(XmlReader reader)
    {
        switch (reader.LocalName)
        {
            case "rPh": _inPhonetic = false; break;
            case "v" or "t": _inValue = false; break;
            case "c" when _value.Length > 0 && _column <= MostColumns: _cells[_column] = Value(_value.ToString()); break;
            case "row" when _cells.Count > 0: WriteRow(); break;
        }
    }

    private void Text(XmlReader reader)
    {
        if (_inValue) _value.Append(reader.Value);
    }

    private void BeginRow(string? number)
    {
        var row = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : _row + 1;
        if (row > _row + 1 && _row > 0) _table.Begin();
        (_row, _column) = (row, 0);
        _cells.Clear();
    }

    /// <summary>Rows that come before the first of several cells are the sheet's headings and remarks.</summary>
    private void WriteRow()
    {
        if (_cells.Count == 1 && _cells.Values.First() is var only && only.Any(char.IsLetter) && only.Contains(' ', StringComparison.Ordinal))
        {
            _to.Paragraph(only);
            _table.Begin();
            return;
        }

        var cells = new string[_cells.Keys.Max()];
        Array.Fill(cells, "");
        foreach (var (column, value) in _cells) cells[column - 1] = value;
        _table.Row(cells);
    }

    private string Value(string raw) => _type switch
    {
        "s" => int.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < _shared.Count ? _shared[index] : "",
        "b" => raw == "1" ? "TRUE" : "FALSE",
        "n" when double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => _dates.Format(number, _style) ?? number.ToString("G15", CultureInfo.InvariantCulture),
        _ => raw,
    };

    /// <summary>The letters of <c>AB12</c>, as a number from 1.</summary>
    private static int? ColumnOf(string? reference)
    {
        if (string.IsNullOrEmpty(reference)) return null;
        var column = 0;
        foreach (var c in reference.TakeWhile(char.IsAsciiLetterUpper).Take(4)) column = column * 26 + (c - 'A' + 1);
        return column == 0 ? null : column;
    }
}
