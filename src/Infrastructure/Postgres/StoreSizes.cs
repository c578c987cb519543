using System.Collections.Concurrent;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>How many chunks a search has to choose from. Only the way to search depends on it, so that it may be some seconds old.</summary>
internal sealed class StoreSizes(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MostStores = 10_000;
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(30);

    private const string Count = """
        SELECT COALESCE(sum(f.chunk_count), 0) FROM knowledge.vector_store_files f WHERE f.workspace_id = $1 AND f.vector_store_id = $2 AND f.status = 'completed' AND
        """;

    private readonly ConcurrentDictionary<VectorStoreId, (long Chunks, long At)> _known = [];

    public async ValueTask<long> OfAsync(WorkspaceId workspace, VectorStoreId store, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(store, out var known) && clock.GetElapsedTime(known.At) < Believed) return known.Chunks;
        var chunks = await CountAsync(workspace, store, null, cancellationToken);
        // Nothing may be something a moment later, and would not be looked at.
        if (chunks == 0) return 0;
        if (_known.Count >= MostStores) _known.Clear();
        _known[store] = (chunks, clock.GetTimestamp());
        return chunks;
    }

    /// <summary>Of those files alone that meet the filter, as they are now.</summary>
    public async Task<long> CountAsync(WorkspaceId workspace, VectorStoreId store, AttributeFilter? filter, CancellationToken cancellationToken)
    {
        await using var command = database.Command("", Sql.Of(workspace.Value), Sql.Of(store.Value));
        command.CommandText = $"{Count} {FilterSql.Of(filter, command.Parameters)}";
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
