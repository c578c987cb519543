using System.Net;
using System.Text.RegularExpressions;
using System.Xml;
using AiPlatform.Infrastructure.Documents.Formats.Office;

namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>
/// Names chapters that have no heading of their own as the table of contents does. Otherwise their text would stand under the last heading of the chapter before.
/// </summary>
internal static partial class EpubChapters
{
    /// <summary>Letters that may stand before a chapter's heading: "Chapter One", a motto.</summary>
    private const int BeforeHeading = 200;
    private const int MostChapters = 10_000;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CheckCharacters = false };

    /// <summary>What the table of contents calls each file.</summary>
    public static Dictionary<string, string> Names(ZipContent zip)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var pages = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in zip.Names.Where(name => name.EndsWith(".opf", StringComparison.OrdinalIgnoreCase)))
            Read(zip, part, xml =>
            {
                if (xml.LocalName == "item" && (xml.GetAttribute("properties") ?? "").Split(' ').Contains("nav") && xml.GetAttribute("href") is { } page) pages.Add(FileOf(page));
            });
        foreach (var part in zip.Names.Where(name => pages.Contains(FileOf(name)))) ReadPage(zip, part, names);
        foreach (var part in zip.Names.Where(name => name.EndsWith(".ncx", StringComparison.OrdinalIgnoreCase))) ReadNcx(zip, part, names);
        return names;
    }

    /// <summary>Pandoc leaves a mark where each file begins.</summary>
    public static string Name(string html, Dictionary<string, string> names)
    {
        if (names.Count == 0) return html;
        var parts = Beginning().Split(html);
        for (var i = 1; i + 1 < parts.Length; i += 2)
            if (names.TryGetValue(FileOf(WebUtility.HtmlDecode(parts[i])), out var name) && !HasHeading(parts[i + 1])) parts[i] = $"<h1>{WebUtility.HtmlEncode(name)}</h1>";
            else parts[i] = "";
        return string.Concat(parts);
    }

    private static bool HasHeading(string chapter)
    {
        var at = Heading().Match(chapter);
        return at.Success && Tag().Replace(chapter[..at.Index], "").Count(char.IsLetter) <= BeforeHeading;
    }

    private static void ReadPage(ZipContent zip, string part, Dictionary<string, string> names)
    {
        var depth = int.MaxValue;
        Read(zip, part, xml =>
        {
            if (xml.LocalName == "nav" && (xml.GetAttribute("type", "http://www.idpf.org/2007/ops") ?? "").Split(' ').Contains("toc")) depth = xml.Depth;
            else if (xml.Depth <= depth) depth = int.MaxValue;
            else if (xml.LocalName == "a" && xml.GetAttribute("href") is { } file) Add(names, file, TextOf(xml));
        });
    }

    private static void ReadNcx(ZipContent zip, string part, Dictionary<string, string> names)
    {
        var name = "";
        Read(zip, part, xml =>
        {
            if (xml.LocalName == "text") name = TextOf(xml);
            else if (xml.LocalName == "content" && xml.GetAttribute("src") is { } file) Add(names, file, name);
        });
    }

    private static void Read(ZipContent zip, string part, Action<XmlReader> read)
    {
        try
        {
            using var content = zip.Open(zip.Find(part)!);
            using var xml = XmlReader.Create(content, Settings);
            while (xml.Read())
                if (xml.NodeType is XmlNodeType.Element) read(xml);
        }
        catch (XmlException)
        {
            // What has been read until here names what it can.
        }
    }

    private static string TextOf(XmlReader xml)
    {
        using var inner = xml.ReadSubtree();
        var text = "";
        while (inner.Read() && text.Length < BeforeHeading)
            if (inner.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) text += inner.Value;
        return text.Trim();
    }

    /// <summary>The first name of a file is its chapter's; later ones are of places within.</summary>
    private static void Add(Dictionary<string, string> names, string file, string name)
    {
        if (name.Length > 0 && names.Count < MostChapters) names.TryAdd(FileOf(file), name);
    }

    private static string FileOf(string path) => Uri.UnescapeDataString(path.Split('#')[0].Split('/')[^1]);

    [GeneratedRegex("""<p><span id="([^"]{1,300}\.[a-zA-Z]{3,5})"></span></p>""")]
    private static partial Regex Beginning();

    [GeneratedRegex("<h[1-6][ >]")]
    private static partial Regex Heading();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
