using System.Globalization;

namespace AiPlatform.Infrastructure.Documents.Formats.Office;

/// <summary>What the styles of a Word document make of their paragraphs.</summary>
internal sealed class DocxStyles
{
    private readonly Dictionary<string, Style> _styles = [];

    public static DocxStyles Read(OfficeXml xml)
    {
        var styles = new DocxStyles();
        var (id, style) = ("", new Style());
        xml.Walk("word/styles.xml", reader =>
        {
            var value = OfficeXml.Attribute(reader, "val") ?? "";
            switch (reader.LocalName)
            {
                case "style": (id, style) = (OfficeXml.Attribute(reader, "styleId") ?? "", new Style()); break;
                case "name": style.Name = value; break;
                case "basedOn": style.BasedOn = value; break;
                case "outlineLvl" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level < 9: style.Level = level + 1; break;
                case "numPr": style.IsList = true; break;
            }
        }, reader =>
        {
            if (reader.LocalName == "style") styles._styles[id] = style;
        });
        return styles;
    }

    /// <summary>1 to 9 for a heading, else 0.</summary>
    public int LevelOf(string? style) => Chain(style).Select(Level).FirstOrDefault(level => level > 0);

    public bool IsTitle(string? style) => Chain(style).Any(link => link.Name.Equals("title", StringComparison.OrdinalIgnoreCase));

    public bool IsList(string? style) => Chain(style).Any(link => link.IsList || link.Name.StartsWith("list", StringComparison.OrdinalIgnoreCase));

    public bool IsCode(string? style) => Chain(style).Any(link => link.Name.Contains("preformatted", StringComparison.OrdinalIgnoreCase) || link.Name.Contains("code", StringComparison.OrdinalIgnoreCase));

    private static int Level(Style style)
    {
        var name = style.Name;
        if (name.Equals("title", StringComparison.OrdinalIgnoreCase)) return 1;
        if (name.Equals("subtitle", StringComparison.OrdinalIgnoreCase)) return 2;
        if (name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase) && int.TryParse(name[8..], NumberStyles.None, CultureInfo.InvariantCulture, out var level)) return level;
        return style.Level;
    }

    /// <summary>A style, what it is based on, and so on; a circle ends.</summary>
    private IEnumerable<Style> Chain(string? id)
    {
        for (var links = 0; links < 20 && id is not null && _styles.TryGetValue(id, out var style); links++, id = style.BasedOn) yield return style;
    }

    private sealed class Style
    {
        public string Name { get; set; } = "";
        public string? BasedOn { get; set; }
        public int Level { get; set; }
        public bool IsList { get; set; }
    }
}
