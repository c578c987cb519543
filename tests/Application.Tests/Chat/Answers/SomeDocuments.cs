using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Application.Tests.Chat.Answers;

/// <summary>Passages that are found by any query that holds their first word.</summary>
internal sealed class SomeDocuments(params string[] passages) : IDocumentSearch
{
    private static readonly DateTimeOffset Then = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly IReadOnlyList<FileId> _files = [.. passages.Select(_ => Ids.New<FileId>(Then))];

    public List<string> Asked { get; } = [];

    /// <summary>What every search does first.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public static FileSearchTool Tool { get; } = new() { Param = "tools[0]", StoreIds = [Ids.New<VectorStoreId>(Then).ToWire()] };

    public static DocumentSearches Searches(IDocumentSearch? search = null) => new(
        search ?? new SomeDocuments(), new ToolSupport(TimeProvider.System), new AnswerMetrics(), new WordCounter(), TimeProvider.System, NullLogger<DocumentSearches>.Instance);

    public Task<IReadOnlyList<VectorStoreId>> RequireStoresAsync(WorkspaceId workspace, IReadOnlyList<string> ids, string param, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<VectorStoreId>>([]);

    public async Task<DocumentHits> SearchAsync(DocumentQuery query, CancellationToken cancellationToken)
    {
        lock (Asked) Asked.AddRange(query.Queries);
        await Before(cancellationToken);
        var found = passages.Index().Where(passage => query.Queries.Any(asked => asked.Contains(passage.Item.Split(' ')[0], StringComparison.OrdinalIgnoreCase)));
        return new DocumentHits(query.Queries, [.. found.Select(passage => Hit(passage.Item, _files[passage.Index]))], HasMore: false);
    }

    public static DocumentHit Hit(string text, FileId? file = null, int start = 0) => new()
    {
        VectorStoreId = new VectorStoreId(Guid.Empty),
        FileId = file ?? Ids.New<FileId>(Then),
        Filename = "a.txt",
        Attributes = "{}",
        Score = 0.5,
        Text = text,
        Start = start,
        Headings = [],
        Pages = [new PageStart(1, 0)],
    };
}
