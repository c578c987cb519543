using System.IO.Compression;
using System.Xml;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Office;

/// <summary>
/// The parts of a document of Office Open XML, read as a stream of elements: a sheet of a million rows needs no more memory than one of ten. There are no
/// entities and nothing is fetched.
/// </summary>
internal sealed class OfficeXml(ZipContent zip, string what)
{
    private const int Deepest = 256;
    private const string RelationshipNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string StrictRelationshipNamespace = "http://purl.oclc.org/ooxml/officeDocument/relationships";

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CheckCharacters = false,
        MaxCharactersInDocument = 2L << 30,
        CloseInput = true,
    };

    /// <summary>Whether there is such a part. Calls for each start of an element, and each end when asked to.</summary>
    public bool Walk(string part, Action<XmlReader> onElement, Action<XmlReader>? onEnd = null, Action<XmlReader>? onText = null)
    {
        if (zip.Find(part) is not { } entry) return false;
        using var reader = Reader(entry);
        while (reader.Read())
        {
            if (reader.Depth > Deepest) throw Refuse.TooDeep(what, Deepest);
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    // An empty element has an end as well; its name is gone when attributes have been walked over.
                    var isEmpty = reader.IsEmptyElement;
                    onElement(reader);
                    if (isEmpty) onEnd?.Invoke(reader);
                    break;
                case XmlNodeType.EndElement:
                    onEnd?.Invoke(reader);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    onText?.Invoke(reader);
                    break;
            }
        }

        return true;
    }

    /// <summary>The parts that a part refers to, by the id it uses for them.</summary>
    public Dictionary<string, Relationship> Relationships(string part)
    {
        var slash = part.LastIndexOf('/');
        var folder = slash < 0 ? "" : part[..slash];
        var found = new Dictionary<string, Relationship>();
        Walk($"{folder}/_rels/{part[(slash + 1)..]}.rels", reader =>
        {
            if (reader.LocalName != "Relationship" || reader.GetAttribute("TargetMode") == "External") return;
            if (reader.GetAttribute("Id") is { } id && reader.GetAttribute("Target") is { } target)
                found[id] = new Relationship(reader.GetAttribute("Type")?.Split('/')[^1] ?? "", Resolve(folder, target));
        });
        return found;
    }

    /// <summary>The title in a part about the document.</summary>
    public string? Title(string part)
    {
        string? title = null;
        var within = false;
        Walk(part, reader => within = reader.LocalName == "title", _ => within = false, reader => title = within ? title + reader.Value : title);
        return title;
    }

    /// <summary>The attribute <c>r:id</c>.</summary>
    public static string RelationshipId(XmlReader reader) => reader.GetAttribute("id", RelationshipNamespace) ?? reader.GetAttribute("id", StrictRelationshipNamespace) ?? "";

    /// <summary>An attribute of the element's own namespace, with or without its prefix.</summary>
    public static string? Attribute(XmlReader reader, string name) => reader.GetAttribute(name, reader.NamespaceURI) ?? reader.GetAttribute(name);

    private XmlReader Reader(ZipArchiveEntry entry) => XmlReader.Create(zip.Open(entry), Settings);

    private static string Resolve(string folder, string target)
    {
        if (target.StartsWith('/')) return target[1..];
        var parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var part in target.Split('/'))
        {
            if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or "..")) parts.Add(part);
        }

        return string.Join('/', parts);
    }
}

internal readonly record struct Relationship(string Type, string Part);
