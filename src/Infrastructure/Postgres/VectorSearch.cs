using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Domain.Identity;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// The nearest vectors. A store, or what a filter leaves of it, is compared vector by vector while that is quick, and exact; a larger one is searched by its index. The planner knows
/// neither how much a filter leaves nor what the index misses, so this is decided here.
/// </summary>
internal sealed class VectorSearch(NpgsqlDataSource database, StoreSizes sizes) : IVectorSearch
{
    private const int MostExact = 5000;

    // Plans for these very values: which partition it is, and how much a filter leaves. The scan goes on until it has found enough or has seen its share.
    private const string Settings = """
        SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('hnsw.iterative_scan', 'relaxed_order', true),
            set_config('hnsw.ef_search', '100', true), set_config('hnsw.max_scan_tuples', '20000', true)
        """;

    // No index answers a sum, so that all are compared.
    private const string Exact = """
        SELECT v.chunk_id, v.embedding <=> $3::halfvec AS distance
        FROM knowledge.vector_store_files f JOIN {0} v ON v.vector_store_id = f.vector_store_id AND v.vector_store_file_id = f.id
        WHERE f.workspace_id = $1 AND f.vector_store_id = $2 AND f.status = 'completed' AND {1}
        ORDER BY (v.embedding <=> $3::halfvec) + 0 LIMIT $4
        """;

    // The index gives them nearly in order. A condition that is looked up for each keeps the planner from collecting and sorting all of them.
    private const string Indexed = """
        SELECT v.chunk_id, v.embedding <=> $3::halfvec AS distance FROM {0} v
        WHERE v.workspace_id = $1 AND v.vector_store_id = $2 AND (SELECT f.status = 'completed' AND {1} FROM knowledge.vector_store_files f WHERE f.id = v.vector_store_file_id)
        ORDER BY v.embedding <=> $3::halfvec LIMIT $4
        """;

    private const string Compare = """
        SELECT v.chunk_id, v.embedding <=> $3::halfvec AS distance FROM {0} v WHERE v.workspace_id = $1 AND v.vector_store_id = $2 AND v.chunk_id = ANY ($4)
        """;

    public async Task<IReadOnlyList<VectorHit>> FindAsync(VectorQuery query, CancellationToken cancellationToken)
    {
        var routes = new List<Route>();
        foreach (var target in query.Targets)
        {
            var size = await sizes.OfAsync(query.WorkspaceId, target.Store, cancellationToken);
            if (size > MostExact && query.Filter is not null) size = await sizes.CountAsync(query.WorkspaceId, target.Store, query.Filter, cancellationToken);
            // Without any, there may be no table either.
            if (size > 0) routes.AddRange(target.Vectors.Select((_, index) => new Route(query.WorkspaceId, target, index, size > MostExact ? size : null)));
        }

        var found = await RunAsync(routes, Find, cancellationToken);
        // The index came to the end of its share; what it missed may be near.
        var again = Enumerable.Range(0, routes.Count).Where(i => routes[i].Candidates is { } size && found[i].Count < Math.Min(size, query.Most)).ToList();
        if (again.Count > 0)
        {
            var exact = await RunAsync([.. again.Select(i => routes[i] with { Candidates = null })], Find, cancellationToken);
            for (var i = 0; i < again.Count; i++) found[again[i]] = exact[i];
        }

        return [.. found.SelectMany(hits => hits)];

        string Find(Route route, NpgsqlParameterCollection parameters)
        {
            parameters.Add(Sql.Of(query.Most));
            return (route.Candidates is null ? Exact : Indexed).Replace("{1}", FilterSql.Of(query.Filter, parameters), StringComparison.Ordinal);
        }
    }

    public async Task<IReadOnlyList<VectorHit>> CompareAsync(
        WorkspaceId workspace, IReadOnlyList<VectorTarget> targets, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken)
    {
        long[] ids = [.. chunks];
        var routes = targets.SelectMany(target => target.Vectors.Select((_, index) => new Route(workspace, target, index, null))).ToList();
        var found = await RunAsync(routes, Fill, cancellationToken);
        return [.. found.SelectMany(hits => hits)];

        string Fill(Route route, NpgsqlParameterCollection parameters)
        {
            parameters.Add(Sql.Of(ids));
            return Compare;
        }
    }

    /// <summary>All in one round trip, which is one transaction: the settings end with it.</summary>
    private async Task<List<List<VectorHit>>> RunAsync(IReadOnlyList<Route> routes, Func<Route, NpgsqlParameterCollection, string> fill, CancellationToken cancellationToken)
    {
        if (routes.Count == 0) return [];
        await using var batch = database.CreateBatch();
        batch.Add(Settings);
        foreach (var route in routes)
        {
            batch.Add("", Sql.Of(route.Workspace.Value), Sql.Of(route.Target.Store.Value), Sql.Of(route.Target.Vectors[route.Query]));
            var command = batch.BatchCommands[^1];
            command.CommandText = fill(route, command.Parameters).Replace("{0}", VectorTables.NameOf(route.Target.Dimensions), StringComparison.Ordinal);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var found = new List<List<VectorHit>>(routes.Count);
        foreach (var route in routes)
        {
            await reader.NextResultAsync(cancellationToken);
            var hits = new List<VectorHit>();
            // A vector of zeros has no direction, and so no angle.
            while (await reader.ReadAsync(cancellationToken))
                if (reader.GetDouble(1) is var distance && !double.IsNaN(distance)) hits.Add(new VectorHit(route.Target.Store, route.Query, reader.GetInt64(0), 1 - distance));
            found.Add(hits);
        }

        return found;
    }

    /// <summary>A query of a store. <c>Candidates</c>: how many there are to choose from, where they are too many to compare them all.</summary>
    private sealed record Route(WorkspaceId Workspace, VectorTarget Target, int Query, long? Candidates);
}
