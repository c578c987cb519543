using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

internal sealed class SearchedStores(NpgsqlDataSource database) : ISearchedStores
{
    private const string Find = """
        SELECT id, embedding_model, dimensions, expires_after_days, last_active_at FROM knowledge.vector_stores WHERE workspace_id = $1 AND id = ANY ($2) AND deleted_at IS NULL
        """;

    private const string Files = """
        SELECT f.id FROM knowledge.vector_store_files f WHERE f.workspace_id = $1 AND f.vector_store_id = ANY ($2) AND f.status = 'completed' AND
        """;

    // Who attaches files holds the row, and no search waits for that.
    private const string Touch = """
        UPDATE knowledge.vector_stores SET last_active_at = $3 WHERE id IN (
            SELECT id FROM knowledge.vector_stores
            WHERE workspace_id = $1 AND id = ANY ($2) AND last_active_at < $3 AND (expires_after_days IS NULL OR last_active_at + make_interval(days => expires_after_days) > $3)
            FOR NO KEY UPDATE SKIP LOCKED)
        """;

    public async Task<IReadOnlyList<SearchedStore>> FindAsync(WorkspaceId workspace, IReadOnlyList<VectorStoreId> stores, CancellationToken cancellationToken)
    {
        var found = new Dictionary<VectorStoreId, SearchedStore>();
        await using var command = database.Command(Find, Sql.Of(workspace.Value), Sql.Of(Guids(stores)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = new VectorStoreId(reader.GetGuid(0));
            found[id] = new SearchedStore(id, reader.GetString(1), NumberAt(2), NumberAt(3), reader.GetFieldValue<DateTimeOffset>(4));
        }

        return [.. stores.Distinct().Where(found.ContainsKey).Select(id => found[id])];

        int? NumberAt(int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);
    }

    public async Task<IReadOnlySet<VectorStoreFileId>> FilesAsync(
        WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, AttributeFilter filter, CancellationToken cancellationToken)
    {
        await using var command = database.Command("", Sql.Of(workspace.Value), Sql.Of(Guids(stores)));
        command.CommandText = $"{Files} {FilterSql.Of(filter, command.Parameters)}";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var files = new HashSet<VectorStoreFileId>();
        while (await reader.ReadAsync(cancellationToken)) files.Add(new VectorStoreFileId(reader.GetGuid(0)));
        return files;
    }

    public async Task TouchAsync(WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Touch, Sql.Of(workspace.Value), Sql.Of(Guids(stores)), Sql.Of(now));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Guid[] Guids(IReadOnlyCollection<VectorStoreId> stores) => [.. stores.Select(store => store.Value)];
}
