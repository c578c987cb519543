using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Domain.Common;
using MediatR;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>A document for people to read, some pages at a time; <c>Page</c> is a page's number, or the answer's <c>NextPage</c>, to go on.</summary>
public sealed record ReadDocument(string StoreId, string FileId, string? Page) : IRequest<DocumentText>;

/// <summary>A part of a document of so many <c>Pages</c>. A long page is cut: it goes on in the next part, under the same number.</summary>
public sealed record DocumentText(int Pages, IReadOnlyList<DocumentPage> Data, bool HasMore)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? NextPage { get; init; }
}

public sealed record DocumentPage(int Page, string? Label, IReadOnlyList<DocumentBlock> Blocks);

/// <summary>
/// <c>Kind</c> is <c>heading</c> (with its <c>Level</c>), <c>paragraph</c>, <c>list_item</c>, <c>table_header</c>, <c>table_row</c>, <c>code</c> or <c>note</c>.
/// <c>Start</c> is the position of its first character in the document's text, in UTF-16 units, as citations count.
/// </summary>
public sealed record DocumentBlock(string Kind, string Text, int? Level, int Start)
{
    internal static DocumentBlock Of(ExtractedBlock block, int start) =>
        new(JsonNamingPolicy.SnakeCaseLower.ConvertName(block.Kind.ToString()), block.Text, block.Kind is BlockKind.Heading ? Math.Max(1, block.Level) : null, start);
}

internal sealed class ReadDocumentHandler(IKnowledgeDb db) : IRequestHandler<ReadDocument, DocumentText>
{
    private const int MostPages = 20;
    private const int MostCharacters = 60_000;

    public async Task<DocumentText> Handle(ReadDocument request, CancellationToken cancellationToken)
    {
        var payload = await db.RequireTextAsync(request.StoreId, request.FileId, cancellationToken);
        var (first, skipped) = PlaceOf(request.Page);
        var (data, characters, last, positions) = (new List<DocumentPage>(), 0, 0, new BlockPositions());
        string? next = null;
        foreach (var page in AllPages(payload))
        {
            last = page.Number;
            if (next is not null) continue;
            if (last < first)
            {
                Pass(page.Blocks);
                positions.EndPage();
                continue;
            }

            if (data.Count == MostPages || characters >= MostCharacters)
            {
                next = last.ToString(CultureInfo.InvariantCulture);
                continue;
            }

            var blocks = new List<DocumentBlock>();
            data.Add(new DocumentPage(last, page.Label, blocks));
            var before = last == first ? skipped : 0;
            Pass(page.Blocks.Take(before));
            foreach (var block in page.Blocks.Skip(before).TakeWhile(_ => characters < MostCharacters))
            {
                blocks.Add(DocumentBlock.Of(block, positions.StartOf(block)));
                characters += block.Text.Length;
            }

            if (before + blocks.Count < page.Blocks.Count) next = string.Create(CultureInfo.InvariantCulture, $"{last}.{before + blocks.Count}");
            positions.EndPage();
        }

        if (first > last && last > 0) throw new InvalidRequest("invalid_value", $"Invalid 'page': the document has {last} pages.", "page");
        return new DocumentText(last, data, HasMore: next is not null) { NextPage = next };

        void Pass(IEnumerable<ExtractedBlock> passed)
        {
            foreach (var block in passed) positions.StartOf(block);
        }
    }

    /// <summary>Also those without any text, of which nothing is kept: page 7 is the seventh.</summary>
    private static IEnumerable<ExtractedPage> AllPages(byte[] payload)
    {
        var number = 1;
        foreach (var page in TextPayload.Pages(payload))
        {
            for (; number < page.Number; number++) yield return new ExtractedPage(number, []);
            yield return page;
            number = page.Number + 1;
        }
    }

    /// <summary>A page, counted from 1, and how many of its blocks were read already: <c>3</c>, or <c>3.120</c>.</summary>
    private static (int Page, int Block) PlaceOf(string? token)
    {
        if (token is null) return (1, 0);
        var parts = token.Split('.');
        var block = 0;
        return parts.Length <= 2 && IsNumber(parts[0], out var page) && page > 0 && (parts.Length == 1 || IsNumber(parts[1], out block))
            ? (page, block)
            : throw new InvalidRequest("invalid_value", "Invalid 'page': it must be the number of a page, or 'next_page' of the answer before.", "page");

        static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
