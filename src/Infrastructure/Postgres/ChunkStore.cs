using System.Security.Cryptography;
using System.Text;
using AiPlatform.Application.Knowledge.Chunking;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Knowledge;
using Npgsql;
using NpgsqlTypes;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Texts and chunks, and their vectors on the way into the tables of <see cref="VectorTables"/>.</summary>
internal sealed class ChunkStore(NpgsqlDataSource database, VectorTables tables, DocumentSignals signals) : IChunkStore
{
    private const string FindText = "SELECT payload FROM knowledge.file_texts WHERE workspace_id = $1 AND file_id = $2 AND parser_version = $3";

    private const string SaveText = """
        INSERT INTO knowledge.file_texts (file_id, workspace_id, parser_version, pages, characters, payload) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (file_id) DO UPDATE SET parser_version = EXCLUDED.parser_version, pages = EXCLUDED.pages, characters = EXCLUDED.characters, payload = EXCLUDED.payload
        """;

    private const string CopyChunks = """
        COPY knowledge.chunks (workspace_id, vector_store_id, vector_store_file_id, ordinal, content, headings, first_page, last_page, start_offset, end_offset, tokens, embedding_hash, page_starts, space_before, terms)
        FROM STDIN (FORMAT BINARY)
        """;

    private const string NoteCount = "UPDATE knowledge.vector_store_files SET chunk_count = $2 WHERE id = $1";

    private const string WithoutVector = $"""
        SELECT {UnembeddedChunks.Columns} FROM knowledge.chunks c
        WHERE c.vector_store_file_id = $1 AND c.ordinal > $2 AND NOT EXISTS (SELECT FROM knowledge.chunk_embeddings e WHERE e.chunk_id = c.id)
        ORDER BY c.ordinal LIMIT $3
        """;

    // Most texts are new, and of those nothing is to be written.
    private const string HasEqual = """
        SELECT EXISTS (SELECT FROM knowledge.chunks c JOIN knowledge.chunks k ON k.workspace_id = c.workspace_id AND k.embedding_hash = c.embedding_hash AND k.id <> c.id
            WHERE c.vector_store_file_id = $1 AND c.id = ANY ($2))
        """;

    // Of equal chunks any will do; of those with a vector the first that is found.
    private const string Reuse = """
        INSERT INTO knowledge.chunk_embeddings (chunk_id, workspace_id, vector_store_file_id, embedding)
        SELECT c.id, c.workspace_id, c.vector_store_file_id, known.embedding
        FROM knowledge.chunks c CROSS JOIN LATERAL (
            SELECT v.embedding::halfvec AS embedding
            FROM knowledge.chunks k JOIN knowledge.vector_stores s ON s.id = k.vector_store_id AND s.embedding_model = $3
            JOIN {0} v ON v.vector_store_id = k.vector_store_id AND v.generation = s.generation AND v.chunk_id = k.id
            WHERE k.workspace_id = c.workspace_id AND k.embedding_hash = c.embedding_hash
            UNION ALL
            SELECT e.embedding
            FROM knowledge.chunks k JOIN knowledge.vector_stores s ON s.id = k.vector_store_id AND s.embedding_model = $3
            JOIN knowledge.chunk_embeddings e ON e.chunk_id = k.id AND vector_dims(e.embedding) = $4
            WHERE k.workspace_id = c.workspace_id AND k.embedding_hash = c.embedding_hash
            LIMIT 1) known
        WHERE c.vector_store_file_id = $1 AND c.id = ANY ($2)
        ON CONFLICT DO NOTHING
        RETURNING chunk_id
        """;

    private const string Agree = """
        UPDATE knowledge.vector_stores SET dimensions = $3 WHERE workspace_id = $1 AND id = $2 AND (dimensions IS NULL OR dimensions = $3)
        """;

    private const string SaveVector = """
        INSERT INTO knowledge.chunk_embeddings (chunk_id, workspace_id, vector_store_file_id, embedding) VALUES ($1, $2, $3, $4::halfvec)
        ON CONFLICT DO NOTHING
        """;

    private const string HasChunks = "SELECT EXISTS (SELECT FROM knowledge.chunks WHERE vector_store_file_id = $1)";

    private const string Count = """
        SELECT (SELECT count(*) FROM knowledge.chunks WHERE vector_store_file_id = $1)::int, (SELECT count(*) FROM knowledge.chunk_embeddings WHERE vector_store_file_id = $1)::int
        """;

    private const string Move = """
        WITH moved AS (
            DELETE FROM knowledge.chunk_embeddings
            WHERE chunk_id IN (SELECT chunk_id FROM knowledge.chunk_embeddings WHERE vector_store_file_id = $1 ORDER BY chunk_id LIMIT $3)
            RETURNING chunk_id, workspace_id, vector_store_file_id, embedding)
        INSERT INTO {0} (vector_store_id, generation, chunk_id, vector_store_file_id, workspace_id, embedding)
        SELECT $2, $4, chunk_id, vector_store_file_id, workspace_id, embedding FROM moved
        ON CONFLICT (vector_store_id, generation, chunk_id) DO UPDATE SET embedding = EXCLUDED.embedding
        """;

    public async Task<byte[]?> FindTextAsync(ClaimedFile file, int parserVersion, CancellationToken cancellationToken)
    {
        await using var command = database.Command(FindText, Sql.Of(file.WorkspaceId.Value), Sql.Of(file.FileId.Value), Sql.Of(parserVersion));
        return await command.ExecuteScalarAsync(cancellationToken) as byte[];
    }

    public Task<ClaimedFile> SaveTextAsync(ClaimedFile file, FileText text, CancellationToken cancellationToken) => EndStepAsync(
        file,
        progress: null,
        async connection =>
        {
            await connection.ExecuteAsync(
                SaveText, cancellationToken,
                Sql.Of(text.FileId.Value), Sql.Of(text.WorkspaceId.Value), Sql.Of(text.ParserVersion), Sql.Of(text.Pages), Sql.Of(text.Characters), Sql.Of(text.Payload));
            return IngestionStep.Chunk;
        },
        cancellationToken);

    public async Task<ClaimedFile?> ReplaceChunksAsync(ClaimedFile file, IEnumerable<DocumentChunk> chunks, CancellationToken cancellationToken)
    {
        var now = await EndStepAsync(
            file,
            progress: null,
            async connection =>
            {
                if (await connection.IsTrueAsync(HasChunks, cancellationToken, Sql.Of(file.Id.Value))) await connection.DeleteChunksAsync([file.Id.Value], cancellationToken);
                var count = await CopyAsync(connection, file, chunks, cancellationToken);
                if (count == 0) return null;
                await connection.ExecuteAsync(NoteCount, cancellationToken, Sql.Of(file.Id.Value), Sql.Of(count));
                return IngestionStep.Embed;
            },
            cancellationToken);
        return now.Step is IngestionStep.Embed ? now : null;
    }

    public async Task<IReadOnlyList<UnembeddedChunk>> NextWithoutVectorAsync(ClaimedFile file, int after, int most, CancellationToken cancellationToken)
    {
        await using var command = database.Command(WithoutVector, Sql.Of(file.Id.Value), Sql.Of(after), Sql.Of(most));
        return await command.ReadUnembeddedAsync(cancellationToken);
    }

    public async Task<IReadOnlySet<long>> ReuseVectorsAsync(ClaimedFile file, int dimensions, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken)
    {
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            if (!await connection.IsTrueAsync(HasEqual, cancellationToken, Sql.Of(file.Id.Value), Sql.Of(chunks.ToArray()))) return new HashSet<long>();
        }

        await tables.EnsureAsync(dimensions, cancellationToken);
        return await WriteAsync(
            file,
            progress: null,
            async connection =>
            {
                await using var command = connection.Command(Into(Reuse, dimensions), Sql.Of(file.Id.Value), Sql.Of(chunks.ToArray()), Sql.Of(file.EmbeddingModel), Sql.Of(dimensions));
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var reused = new HashSet<long>();
                while (await reader.ReadAsync(cancellationToken)) reused.Add(reader.GetInt64(0));
                return reused;
            },
            cancellationToken);
    }

    public Task<bool> AgreeOnDimensionsAsync(ClaimedFile file, int dimensions, CancellationToken cancellationToken) => WriteAsync(
        file,
        progress: null,
        async connection => await connection.ExecuteAsync(
            Agree, cancellationToken, Sql.Of(file.WorkspaceId.Value), Sql.Of(file.VectorStoreId.Value), Sql.Of(dimensions)) > 0,
        cancellationToken);

    public Task<ClaimedFile> SaveVectorsAsync(ClaimedFile file, IReadOnlyCollection<ChunkVector> vectors, double progress, CancellationToken cancellationToken) => EndStepAsync(
        file,
        progress,
        async connection =>
        {
            await using var batch = connection.CreateBatch();
            foreach (var vector in vectors) batch.Add(SaveVector, Sql.Of(vector.ChunkId), Sql.Of(file.WorkspaceId.Value), Sql.Of(file.Id.Value), Sql.Of(vector.Vector.ToArray()));
            if (vectors.Count > 0) await batch.ExecuteNonQueryAsync(cancellationToken);
            return progress < 1 ? null : IngestionStep.Index;
        },
        cancellationToken);

    public async Task<VectorCount> CountAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        await using var command = database.Command(Count, Sql.Of(file.Id.Value));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new VectorCount(reader.GetInt32(0), reader.GetInt32(1));
    }

    public async Task<ClaimedFile> MoveToIndexAsync(ClaimedFile file, int dimensions, int most, double progress, CancellationToken cancellationToken)
    {
        await tables.EnsureAsync(dimensions, cancellationToken);
        return await EndStepAsync(
            file,
            progress,
            async connection =>
            {
                await connection.ExecuteAsync(Into(Move, dimensions), cancellationToken, Sql.Of(file.Id.Value), Sql.Of(file.VectorStoreId.Value), Sql.Of(most), Sql.Of(file.Generation));
                return progress < 1 ? null : IngestionStep.Switch;
            },
            cancellationToken);
    }

    private static async Task<int> CopyAsync(NpgsqlConnection connection, ClaimedFile file, IEnumerable<DocumentChunk> chunks, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(CopyChunks, cancellationToken);
        var count = 0;
        foreach (var chunk in chunks)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(file.WorkspaceId.Value, cancellationToken);
            await copy.WriteAsync(file.VectorStoreId.Value, cancellationToken);
            await copy.WriteAsync(file.Id.Value, cancellationToken);
            await copy.WriteAsync(chunk.Ordinal, cancellationToken);
            await copy.WriteAsync(chunk.Content, cancellationToken);
            await copy.WriteAsync(chunk.Headings.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(chunk.FirstPage, cancellationToken);
            await copy.WriteAsync(chunk.LastPage, cancellationToken);
            await copy.WriteAsync(chunk.Start, cancellationToken);
            await copy.WriteAsync(chunk.End, cancellationToken);
            await copy.WriteAsync(chunk.Tokens, cancellationToken);
            await copy.WriteAsync(SHA256.HashData(Encoding.UTF8.GetBytes(chunk.EmbeddedText)), cancellationToken);
            await copy.WriteAsync(chunk.PageStarts.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellationToken);
            if (chunk.SpaceBefore is { } space) await copy.WriteAsync(space, cancellationToken);
            else await copy.WriteNullAsync(cancellationToken);
            if (chunk.Terms is { } terms) await copy.WriteAsync(terms, cancellationToken);
            else await copy.WriteNullAsync(cancellationToken);
            count++;
        }

        await copy.CompleteAsync(cancellationToken);
        return count;
    }

    /// <summary>One transaction, which also begins the step that <paramref name="write"/> returns.</summary>
    private async Task<ClaimedFile> EndStepAsync(ClaimedFile file, double? progress, Func<NpgsqlConnection, Task<IngestionStep?>> write, CancellationToken cancellationToken)
    {
        var now = await WriteAsync(
            file,
            progress,
            // It was held when the transaction began, and nobody can have taken it since.
            async connection => await write(connection) is { } next ? await connection.BeginAsync(file, next, cancellationToken) ?? throw new FileLost() : file,
            cancellationToken);
        signals.Happened(file.VectorStoreId);
        return now;
    }

    /// <summary>One transaction that begins with the fence.</summary>
    private Task<T> WriteAsync<T>(ClaimedFile file, double? progress, Func<NpgsqlConnection, Task<T>> write, CancellationToken cancellationToken) => FencedAsync(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.HoldAsync(file, progress, cancellationToken);
        var result = await write(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    });

    private static async Task<T> FencedAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (PostgresException e) when (e.SqlState is Sql.NotHeld)
        {
            throw new FileLost(e);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ForeignKeyViolation)
        {
            // Deleted while it was written.
            throw new FileLost(e);
        }
    }

    private static string Into(string sql, int dimensions) => sql.Replace("{0}", VectorTables.NameOf(dimensions), StringComparison.Ordinal);
}
