using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

internal sealed class Passages(NpgsqlDataSource database) : IPassages
{
    private const string Columns = "SELECT c.id, c.vector_store_id, c.vector_store_file_id, f.file_id, c.ordinal, c.start_offset, c.end_offset, c.space_before";

    private const string From = """
         FROM knowledge.chunks c JOIN knowledge.vector_store_files f ON f.id = c.vector_store_file_id
        """;

    private const string Visible = " WHERE c.id = ANY ($3) AND c.workspace_id = $1 AND c.vector_store_id = ANY ($2) AND f.status = 'completed'";

    private const string Locate = Columns + From + Visible;

    private const string Read = Columns + ", s.filename, f.attributes, c.content, c.headings, c.first_page, c.page_starts"
        + From + " JOIN knowledge.files s ON s.id = f.file_id" + Visible;

    public async Task<IReadOnlyList<PassagePlace>> LocateAsync(
        WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(Locate, workspace, stores, chunks);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var places = new List<PassagePlace>(chunks.Count);
        while (await reader.ReadAsync(cancellationToken)) places.Add(PlaceOf(reader));
        return places;
    }

    public async Task<IReadOnlyList<Passage>> ReadAsync(
        WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, IReadOnlyCollection<long> chunks, CancellationToken cancellationToken)
    {
        await using var command = CommandOf(Read, workspace, stores, chunks);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var passages = new List<Passage>(chunks.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            passages.Add(new Passage
            {
                Place = PlaceOf(reader),
                Filename = reader.GetString(8),
                Attributes = reader.GetString(9),
                Content = reader.GetString(10),
                Headings = reader.GetFieldValue<string[]>(11),
                FirstPage = reader.GetInt32(12),
                PageStarts = reader.IsDBNull(13) ? [] : reader.GetFieldValue<int[]>(13),
            });
        }

        return passages;
    }

    private NpgsqlCommand CommandOf(string sql, WorkspaceId workspace, IReadOnlyCollection<VectorStoreId> stores, IReadOnlyCollection<long> chunks) =>
        database.Command(sql, Sql.Of(workspace.Value), Sql.Of(stores.Select(store => store.Value).ToArray()), Sql.Of(chunks.ToArray()));

    private static PassagePlace PlaceOf(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), new VectorStoreId(reader.GetGuid(1)), new VectorStoreFileId(reader.GetGuid(2)), new FileId(reader.GetGuid(3)),
        reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.IsDBNull(7) ? null : reader.GetString(7));
}
