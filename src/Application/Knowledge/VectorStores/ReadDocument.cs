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
        var (place, block) = PlaceOf(request.Page);
        var total = TextPayload.CountPages(payload);
        if (place > total && total > 0) throw new InvalidRequest("invalid_value", $"Invalid 'page': the document has {total} pages.", "page");
        var data = new List<DocumentPage>();
        var (characters, read, positions) = (0, 0, new BlockPositions());
        foreach (var page in TextPayload.Pages(payload))
        {
            if (++read < place)
            {
                Pass(page.Blocks);
                continue;
            }

            if (data.Count == MostPages || characters >= MostCharacters) return Cut();
            var blocks = new List<DocumentBlock>();
            data.Add(new DocumentPage(page.Number, page.Label, blocks));
            foreach (var one in page.Blocks.Take(block)) positions.StartOf(one);
            foreach (var one in page.Blocks.Skip(block))
            {
                if (characters >= MostCharacters) return Cut();
                blocks.Add(DocumentBlock.Of(one, positions.StartOf(one)));
                characters += one.Text.Length;
                block++;
            }

            positions.EndPage();
            (place, block) = (place + 1, 0);
        }

        return new DocumentText(total, data, HasMore: false);

        void Pass(IReadOnlyList<ExtractedBlock> passed)
        {
            foreach (var one in passed) positions.StartOf(one);
            positions.EndPage();
        }

        DocumentText Cut() => new(total, data, HasMore: true) { NextPage = block == 0 ? place.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{place}.{block}") };
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
