namespace AiPlatform.Integration.Tests.Documents.Making;

/// <summary>Office files part by part, for what pandoc does not write.</summary>
internal static class OfficeMaker
{
    public const string Word = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";
    private const string Sheet = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    private const string Types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";

    public static (string, string) ContentTypes => ("[Content_Types].xml", Types);

    public static byte[] Docx(string body, params (string Name, string Content)[] others) =>
        ZipMaker.Of([ContentTypes, ("word/document.xml", $"<w:document {Word}><w:body>{body}</w:body></w:document>"), .. others]);

    public static string Paragraph(string text) => $"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>";

    /// <summary>A workbook of sheets, each the XML of its rows; the shared strings are those given.</summary>
    public static byte[] Xlsx(string[] shared, params (string Name, string Rows)[] sheets) => ZipMaker.Of(
    [
        ContentTypes,
        ("xl/workbook.xml", $"<workbook {Sheet}><sheets>{string.Concat(sheets.Select((sheet, i) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" r:id=\"rId{i + 1}\"/>"))}</sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", $"<Relationships>{string.Concat(sheets.Select((_, i) => Relationship($"rId{i + 1}", "worksheet", $"worksheets/sheet{i + 1}.xml")))}{Relationship("rS", "sharedStrings", "sharedStrings.xml")}{Relationship("rT", "styles", "styles.xml")}</Relationships>"),
        ("xl/sharedStrings.xml", $"<sst {Sheet}>{string.Concat(shared.Select(text => $"<si><t>{text}</t></si>"))}</sst>"),
        ("xl/styles.xml", $"<styleSheet {Sheet}><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"),
        .. sheets.Select((sheet, i) => ($"xl/worksheets/sheet{i + 1}.xml", $"<worksheet {Sheet}><sheetData>{sheet.Rows}</sheetData></worksheet>")),
    ]);

    private static string Relationship(string id, string type, string target) =>
        $"<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{type}\" Target=\"{target}\"/>";
}
