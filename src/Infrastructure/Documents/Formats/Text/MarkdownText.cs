using System.Text;
using AiPlatform.Infrastructure.Documents.Parsing;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.Yaml;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace AiPlatform.Infrastructure.Documents.Formats.Text;

/// <summary>Markdown with GitHub's tables. Marks and addresses of links go, their words stay.</summary>
internal static class MarkdownText
{
    /// <summary>Beyond it the parser itself gives up on some text, and the recursion here could run out of stack.</summary>
    private const int Deepest = 100;
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseGridTables().UseYamlFrontMatter().Build();

    public static void Read(SourceFile file, DocumentWriter to)
    {
        to.NextPage();
        Write(TextEncodings.Decode(file, to), to);
    }

    public static void Write(string markdown, DocumentWriter to)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(markdown, Pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig's word for nesting beyond its own limit.
            throw Refuse.TooDeep("Markdown file", Deepest);
        }

        foreach (var block in document) Write(block, to, 0, inList: false);
    }

    private static void Write(Block block, DocumentWriter to, int depth, bool inList)
    {
        if (depth > Deepest) throw Refuse.TooDeep("Markdown file", Deepest);
        switch (block)
        {
            case YamlFrontMatterBlock or LinkReferenceDefinitionGroup:
                break;
            case HeadingBlock heading:
                var title = Words(heading.Inline);
                if (heading.Level == 1) to.SetTitle(title);
                to.Heading(heading.Level, title);
                break;
            case CodeBlock code:
                to.Code(code.Lines.ToString());
                break;
            case HtmlBlock html:
                Web.HtmlText.Write(html.Lines.ToString(), to);
                break;
            case Table table:
                var rows = new TableWriter(to);
                foreach (var row in table.OfType<TableRow>()) rows.Row([.. row.OfType<TableCell>().Select(Words)], row.IsHeader ? true : null);
                break;
            case ListItemBlock item when item.Count > 0:
                foreach (var child in item) Write(child, to, depth + 1, inList: true);
                break;
            case ContainerBlock container:
                foreach (var child in container) Write(child, to, depth + 1, inList);
                break;
            case LeafBlock { Inline: { } inline } when inList:
                to.ListItem(Words(inline));
                break;
            case LeafBlock { Inline: { } inline }:
                to.Paragraph(Words(inline));
                break;
        }
    }

    private static string Words(TableCell cell) => string.Join(' ', cell.OfType<LeafBlock>().Select(block => Words(block.Inline)));

    private static string Words(ContainerInline? inlines)
    {
        var text = new StringBuilder();
        if (inlines is not null) Append(inlines, text, 0);
        return text.ToString();
    }

    private static void Append(ContainerInline inlines, StringBuilder text, int depth)
    {
        if (depth > Deepest) throw Refuse.TooDeep("Markdown file", Deepest);
        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case LiteralInline literal: text.Append(literal.Content.AsSpan()); break;
                case CodeInline code: text.Append(code.Content); break;
                case LineBreakInline: text.Append('\n'); break;
                case HtmlEntityInline entity: text.Append(entity.Transcoded.AsSpan()); break;
                case AutolinkInline link: text.Append(link.Url); break;
                case ContainerInline container: Append(container, text, depth + 1); break;
            }
        }
    }
}
