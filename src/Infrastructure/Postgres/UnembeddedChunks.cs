using AiPlatform.Application.Knowledge.Chunking;
using AiPlatform.Application.Knowledge.Ingestion;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Reads chunks that are to be embedded.</summary>
internal static class UnembeddedChunks
{
    /// <summary>Of <c>knowledge.chunks c</c>.</summary>
    public const string Columns = "c.id, c.vector_store_file_id, c.ordinal, c.embedding_hash, c.headings, c.content, c.tokens";

    public static async Task<IReadOnlyList<UnembeddedChunk>> ReadUnembeddedAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chunks = new List<UnembeddedChunk>();
        while (await reader.ReadAsync(cancellationToken))
        {
            chunks.Add(new UnembeddedChunk(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetFieldValue<byte[]>(3),
                DocumentChunk.TextToEmbed(reader.GetFieldValue<string[]>(4), reader.GetString(5)), reader.GetInt32(6)));
        }

        return chunks;
    }
}
