using System.Buffers;
using System.Text;
using AiPlatform.Infrastructure.Documents.Parsing;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace AiPlatform.Infrastructure.Documents.Formats.Web;

/// <summary>What a reader of a web page sees of its matter: no scripts, styles, menus. Nothing is fetched, nothing is run.</summary>
internal sealed class HtmlText
{
    /// <summary>Deeper than any page made by people, and shallow enough for recursion.</summary>
    private const int Deepest = 400;
    private const int MostOpen = 4000;

    private static readonly HashSet<string> Unseen =
    [
        "SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "NAV", "IFRAME", "OBJECT", "EMBED", "SVG", "CANVAS", "HEAD", "BUTTON", "SELECT", "INPUT", "TEXTAREA", "DIALOG",
        "AUDIO", "VIDEO", "MATH",
    ];

    private static readonly HashSet<string> Stretches =
    [
        "P", "DIV", "SECTION", "ARTICLE", "MAIN", "BODY", "HTML", "HEADER", "FOOTER", "ASIDE", "BLOCKQUOTE", "FIGURE", "FIGCAPTION", "UL", "OL", "DL", "DT", "DD", "FORM",
        "FIELDSET", "DETAILS", "SUMMARY", "ADDRESS", "HR", "CENTER", "MENU",
    ];

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static readonly HashSet<string> LeftOpen = new(
        "p li dt dd tr td th thead tbody tfoot option colgroup col br hr img input meta link area base embed source track wbr param rp rt".Split(' '), StringComparer.OrdinalIgnoreCase);

    private readonly DocumentWriter _to;
    private readonly StringBuilder _text = new();
    private bool _inItem;

    private HtmlText(DocumentWriter to) => _to = to;

    public static void Read(SourceFile file, DocumentWriter to)
    {
        to.NextPage();
        // A page may say itself how it is written; the parser knows how to listen to it.
        if (TextEncodings.Certain(file.Head) is null && Declared(file.Head) is { } name) Write(TextEncodings.Named(name).GetString(File.ReadAllBytes(file.Path)), to);
        else Write(TextEncodings.Decode(file, to), to);
    }

    public static void Write(string html, DocumentWriter to, string? notTitle = null)
    {
        RequireFewOpen(html);
        using var document = new HtmlParser().ParseDocument(html);
        RequireShallow(document);
        if (document.Title != notTitle) to.SetTitle(document.Title);
        var reader = new HtmlText(to);
        if ((document.QuerySelector("main") ?? (INode?)document.Body) is not { } root) return;
        reader.Children(root);
        reader.EndStretch();
    }

    private void Children(INode node)
    {
        foreach (var child in node.ChildNodes)
        {
            if (child is IText text) _text.Append(text.Data);
            else if (child is IElement element && IsSeen(element)) Element(element);
        }
    }

    private void Element(IElement element)
    {
        switch (element.NodeName)
        {
            case "H1" or "H2" or "H3" or "H4" or "H5" or "H6":
                EndStretch();
                _to.Heading(element.NodeName[1] - '0', TextOf(element));
                break;
            case "PRE":
                EndStretch();
                _to.Code(element.TextContent);
                break;
            case "TABLE":
                EndStretch();
                Table(element);
                break;
            case "LI":
                EndStretch();
                var before = _inItem;
                _inItem = true;
                Children(element);
                EndStretch();
                _inItem = before;
                break;
            case "BR":
                _text.Append('\v');
                break;
            case "IMG":
                if (element.GetAttribute("alt") is { Length: > 0 } alt) _text.Append(' ').Append(alt).Append(' ');
                break;
            case var name when Stretches.Contains(name):
                EndStretch();
                Children(element);
                EndStretch();
                break;
            default:
                Children(element);
                break;
        }
    }

    /// <summary>A heading may be a picture of itself.</summary>
    private static string TextOf(IElement heading) => string.IsNullOrWhiteSpace(heading.TextContent)
        ? string.Join(' ', heading.QuerySelectorAll("img").Select(picture => picture.GetAttribute("alt")))
        : heading.TextContent;

    /// <summary>A table that holds tables, or has one column, is there for the looks: what is in it counts.</summary>
    private void Table(IElement table)
    {
        var rows = table.QuerySelectorAll("tr");
        if (table.QuerySelector("table") is not null || rows.All(row => row.Children.Length < 2))
        {
            foreach (var cell in rows.Where(row => row.Closest("table") == table).SelectMany(row => row.Children).Concat(table.QuerySelectorAll("caption")))
            {
                Children(cell);
                EndStretch();
            }

            return;
        }

        if (table.QuerySelector("caption") is { } caption) _to.Paragraph(TextHygiene.Collapse(caption.TextContent));
        var writer = new TableWriter(_to);
        foreach (var row in rows)
        {
            var cells = row.Children.Where(cell => cell.NodeName is "TD" or "TH").ToList();
            writer.Row([.. cells.Select(cell => cell.TextContent)], cells.Count > 1 && cells.All(cell => cell.NodeName == "TH") ? true : null);
        }
    }

    private void EndStretch()
    {
        if (_text.Length == 0) return;
        var text = string.Join('\n', _text.ToString().Split('\v').Select(TextHygiene.Collapse)).Trim('\n');
        _text.Clear();
        if (_inItem) _to.ListItem(text);
        else _to.Paragraph(text);
    }

    private static bool IsSeen(IElement element) =>
        !Unseen.Contains(element.NodeName.ToUpperInvariant())
        && !element.HasAttribute("hidden")
        && element.GetAttribute("aria-hidden") != "true"
        && element.GetAttribute("role") is not ("navigation" or "banner" or "search");

    /// <summary>
    /// Before it is parsed, because that takes time by the square of the depth: elements that begin and do not end, but for those that people leave open.
    /// </summary>
    private static void RequireFewOpen(string html)
    {
        var open = 0;
        for (var at = html.IndexOf('<'); at >= 0 && at + 1 < html.Length; at = html.IndexOf('<', at + 1))
        {
            var end = html[at + 1] == '/';
            var name = html.AsSpan(at + (end ? 2 : 1));
            name = name[..(name.IndexOfAnyExcept(Letters) is var length and >= 0 ? length : name.Length)];
            if (name.Length is 0 or > 20 || LeftOpen.Contains(name.ToString())) continue;
            open += end ? -1 : 1;
            if (open > MostOpen) throw Refuse.TooDeep("web page", Deepest);
        }
    }

    /// <summary>Walked without recursion, so that a page made to exhaust the stack is found before it does.</summary>
    private static void RequireShallow(INode document)
    {
        var depth = 0;
        for (INode? node = document; node is not null;)
        {
            if (node.FirstChild is { } child)
            {
                if (++depth > Deepest) throw Refuse.TooDeep("web page", Deepest);
                node = child;
                continue;
            }

            while (node is not null && node.NextSibling is null)
            {
                node = node.Parent;
                depth--;
            }

            node = node?.NextSibling;
        }
    }

    private static string? Declared(ReadOnlySpan<byte> head)
    {
        var start = Encoding.Latin1.GetString(head);
        var at = start.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : new string([.. start.Skip(at + 8).SkipWhile(c => c is '"' or '\'').TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')]);
    }
}
