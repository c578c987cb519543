using System.Globalization;
using System.Text.Json.Serialization;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>The text of a file as one string for each page; <c>Page</c> is the answer's <c>NextPage</c>, to go on.</summary>
public sealed record ReadFileContent(string StoreId, string FileId, string? Page) : IRequest<FileContentPage>;

public sealed record FileContentPage(IReadOnlyList<PageContent> Data, bool HasMore)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "vector_store.file_content.page";

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? NextPage { get; init; }
}

/// <summary>
/// A page of the document; <c>Label</c> is what the document calls it, where that is not its number, and <c>Start</c> where its text begins in that of the
/// whole document, in UTF-16 units, as citations count.
/// </summary>
public sealed record PageContent(string Text, int Page, string? Label, int Start)
{
    [JsonPropertyOrder(-1)]
    public string Type { get; } = "text";
}

internal sealed class ReadFileContentHandler(IKnowledgeDb db) : IRequestHandler<ReadFileContent, FileContentPage>
{
    private const int MostPages = 50;
    private const int MostCharacters = 2_000_000;

    public async Task<FileContentPage> Handle(ReadFileContent request, CancellationToken cancellationToken)
    {
        var payload = await db.RequireTextAsync(request.StoreId, request.FileId, cancellationToken);
        var (skipped, characters, read, positions) = (PlaceOf(request.Page), 0, 0, new BlockPositions());
        var data = new List<PageContent>();
        foreach (var page in TextPayload.Pages(payload))
        {
            var start = Pass(page.Blocks);
            if (read++ < skipped) continue;
            if (data.Count == MostPages || characters > MostCharacters) return new FileContentPage(data, HasMore: true) { NextPage = (skipped + data.Count).ToString(CultureInfo.InvariantCulture) };
            var text = new ExtractedText("", null, [page]).Text;
            data.Add(new PageContent(text, page.Number, page.Label, start));
            characters += text.Length;
        }

        return new FileContentPage(data, HasMore: false);

        int Pass(IReadOnlyList<ExtractedBlock> blocks)
        {
            var first = blocks.Count == 0 ? positions.Length : positions.StartOf(blocks[0]);
            foreach (var block in blocks.Skip(1)) positions.StartOf(block);
            positions.EndPage();
            return first;
        }
    }

    private static int PlaceOf(string? token)
    {
        if (token is null) return 0;
        return int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? place
            : throw new InvalidRequest("invalid_value", "Invalid 'page': it must be 'next_page' of the answer before.", "page");
    }
}

internal static class TextQueries
{
    /// <summary>The stored text of a file of this store.</summary>
    public static async Task<byte[]> RequireTextAsync(this IKnowledgeDb db, string storeId, string fileId, CancellationToken cancellationToken)
    {
        var store = await db.RequireStoreIdAsync(storeId, cancellationToken);
        var id = (await db.RequireFileAsync(store, fileId, cancellationToken)).File.FileId;
        return await db.FileTexts.Where(text => text.FileId == id).Select(text => text.Payload).SingleOrDefaultAsync(cancellationToken) ?? throw StoreErrors.NotReady(fileId);
    }
}
