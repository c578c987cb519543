using System.Text.Json;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Integration.Tests.Answers;

/// <summary>Documents for answers, found by the words they share with a question, and troubles on demand. One store, which any workspace has.</summary>
public sealed class DocumentShelf : IDocumentSearch
{
    private static readonly DateTimeOffset Then = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<ShelvedDocument> _documents = [];
    private readonly List<DocumentQuery> _queries = [];
    private readonly Lock _lock = new();

    public VectorStoreId StoreId { get; } = Ids.New<VectorStoreId>(Then);

    public string Store => StoreId.ToWire();

    /// <summary>What every search waits for.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<DocumentQuery> Queries
    {
        get
        {
            lock (_lock) return [.. _queries];
        }
    }

    public ShelvedDocument this[string fileId] => _documents.Single(document => document.Id.ToWire() == fileId);

    public void Clear()
    {
        _documents.Clear();
        lock (_lock) _queries.Clear();
        Before = _ => Task.CompletedTask;
    }

    /// <summary>Adds a document whose passages are its paragraphs, a page for each.</summary>
    public ShelvedDocument Add(string name, string text)
    {
        var document = new ShelvedDocument(Ids.New<FileId>(Then), name, text);
        _documents.Add(document);
        return document;
    }

    public Task<IReadOnlyList<VectorStoreId>> RequireStoresAsync(WorkspaceId workspace, IReadOnlyList<string> ids, string param, CancellationToken cancellationToken) =>
        ids.FirstOrDefault(id => id != Store) is { } unknown
            ? throw new NotFound("not_found", $"Vector store with id '{unknown}' not found.", param)
            : Task.FromResult<IReadOnlyList<VectorStoreId>>([StoreId]);

    public async Task<DocumentHits> SearchAsync(DocumentQuery query, CancellationToken cancellationToken)
    {
        lock (_lock) _queries.Add(query);
        await Before(cancellationToken);
        var asked = query.Queries.SelectMany(WordsOf).ToHashSet();
        var hits = from document in _documents
                   from passage in document.Passages
                   let score = WordsOf(passage.Text).Distinct().Count(asked.Contains)
                   where score > 0
                   orderby score descending
                   select HitOf(document, passage, score / (score + 1.0));
        return new DocumentHits(query.Queries, [.. hits.Take(query.MaxResults)], HasMore: false);
    }

    private DocumentHit HitOf(ShelvedDocument document, (int Start, string Text) passage, double score) => new()
    {
        VectorStoreId = StoreId,
        FileId = document.Id,
        Filename = document.Name,
        Attributes = JsonSerializer.Serialize(new { kind = "test" }),
        Score = score,
        Text = passage.Text,
        Start = passage.Start,
        Headings = [],
        Pages = [.. document.Passages.Select((one, page) => new PageStart(page + 1, one.Start)).Where(page => page.Position == passage.Start)],
    };

    private static IEnumerable<string> WordsOf(string text) =>
        text.ToLowerInvariant().Split([' ', '\n', '.', ',', '?', '!', ':', '"'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.Length > 3);
}

public sealed record ShelvedDocument(FileId Id, string Name, string Text)
{
    public IReadOnlyList<(int Start, string Text)> Passages { get; } = Cut(Text);

    private static List<(int Start, string Text)> Cut(string text)
    {
        var (passages, at) = (new List<(int, string)>(), 0);
        foreach (var paragraph in text.Split("\n\n"))
        {
            passages.Add((at, paragraph));
            at += paragraph.Length + 2;
        }

        return passages;
    }
}
