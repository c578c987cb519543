using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using Npgsql;
using NpgsqlTypes;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// The event log in PostgreSQL. Whoever changes a run locks its row first, so events commit in the order of their numbers and no reader can pass one by.
/// Appends and claims work for all workspaces; what reads for somebody names theirs. Clocks are the database's.
/// </summary>
internal sealed class RunLog(NpgsqlDataSource database) : IRunLog
{
    private const int AppendTimeoutSeconds = 10;

    // Locks in one order, so that two groups never wait for each other; then looks at what the lock has settled.
    private const string Lock = "SELECT FROM chat.runs WHERE response_id = ANY ($1) ORDER BY response_id FOR UPDATE";

    private const string Append = """
        WITH own AS (
            UPDATE chat.runs r SET last_sequence = b.last, lease_until = now() + interval '4 seconds'
            FROM unnest($1, $2, $3, $4, $5) AS b (id, epoch, first, last, payload)
            WHERE r.response_id = b.id AND r.epoch = b.epoch AND r.last_sequence = b.first - 1
            RETURNING r.response_id, b.first, b.last, r.workspace_id, b.payload)
        INSERT INTO chat.run_events (response_id, first_sequence, last_sequence, workspace_id, payload)
        SELECT response_id, first, last, workspace_id, payload FROM own
        RETURNING response_id
        """;

    private const string Positions = """
        SELECT r.response_id, r.last_sequence
        FROM chat.runs r JOIN unnest($1, $2) AS b (id, epoch) ON r.response_id = b.id AND r.epoch = b.epoch
        """;

    private const string Events = """
        SELECT payload FROM chat.run_events WHERE workspace_id = $1 AND response_id = $2 AND last_sequence > $3
        ORDER BY first_sequence LIMIT 256
        """;

    private const string State = """
        SELECT u.response_id IS NULL, COALESCE(u.last_sequence, l.last_sequence, -1), CASE WHEN l.last_sequence > $3 THEN l.payload END
        FROM chat.responses r
        LEFT JOIN chat.runs u ON u.response_id = r.id
        LEFT JOIN chat.response_logs l ON l.response_id = r.id
        WHERE r.workspace_id = $1 AND r.id = $2
        """;

    // A run that was given away was not broken off; one that never had an owner neither.
    private const string Take = """
        UPDATE chat.runs SET epoch = epoch + 1, lease_until = now() + interval '4 seconds', interrupted_at = last_sequence,
            stalls = CASE WHEN epoch = 0 OR lease_until = '-infinity' THEN stalls WHEN last_sequence > interrupted_at THEN 1 ELSE stalls + 1 END
        """;

    private const string Taken = " RETURNING response_id, workspace_id, epoch, last_sequence, stalls";

    private const string Claim = Take + """

        WHERE response_id IN (
            SELECT response_id FROM chat.runs WHERE lease_until < now() AND response_id <> ALL ($2)
            ORDER BY lease_until, response_id LIMIT $1 FOR UPDATE SKIP LOCKED)
        """ + Taken;

    private const string Seize = Take + " WHERE workspace_id = $1 AND response_id = $2" + Taken;

    private const string Release = "UPDATE chat.runs SET lease_until = '-infinity' WHERE response_id = $1 AND epoch = $2";

    public async Task<IReadOnlySet<ResponseId>> AppendAsync(IReadOnlyList<RunAppend> group, CancellationToken cancellationToken)
    {
        var ids = IdsOf(group);
        // One round trip, and one transaction: what has no BEGIN is committed at the end of the batch.
        await using var batch = database.CreateBatch();
        batch.Timeout = AppendTimeoutSeconds;
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Lock) { Parameters = { Of(ids) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Append)
        {
            Parameters =
            {
                Of(ids),
                Of(group.Select(run => run.Epoch).ToArray()),
                Of(group.Select(run => run.First).ToArray()),
                Of(group.Select(run => run.Last).ToArray()),
                new NpgsqlParameter<byte[][]> { TypedValue = [.. group.Select(run => run.Payload)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        });
        try
        {
            return await AppendAsync(batch, cancellationToken);
        }
        catch (PostgresException e) when (IsAboutData(e))
        {
            throw new EventsRefused(e.MessageText, e);
        }
    }

    private static async Task<IReadOnlySet<ResponseId>> AppendAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var written = new HashSet<ResponseId>();
        while (await reader.ReadAsync(cancellationToken)) written.Add(new ResponseId(reader.GetGuid(0)));
        // To the end of the answer, which is where a failed commit would show.
        await reader.NextResultAsync(cancellationToken);
        return written;
    }

    public async Task<IReadOnlyDictionary<ResponseId, long>> PositionsAsync(IReadOnlyList<RunAppend> group, CancellationToken cancellationToken)
    {
        await using var command = Command(Positions, Of(IdsOf(group)), Of(group.Select(run => run.Epoch).ToArray()));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var positions = new Dictionary<ResponseId, long>();
        while (await reader.ReadAsync(cancellationToken)) positions[new ResponseId(reader.GetGuid(0))] = reader.GetInt64(1);
        return positions;
    }

    public async Task<LogPage?> ReadAsync(WorkspaceId workspace, ResponseId response, long after, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        // The events first: a run that ends in between is then seen as ended, and its log has them all.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Events) { Parameters = { Of(workspace.Value), Of(response.Value), Of(after) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(State) { Parameters = { Of(workspace.Value), Of(response.Value), Of(after) } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var segments = new List<LogSegment>();
        while (await reader.ReadAsync(cancellationToken)) segments.Add(new LogSegment(reader.GetFieldValue<byte[]>(0), IsCompressed: false));
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var (isFinal, last) = (reader.GetBoolean(0), reader.GetInt64(1));
        if (isFinal) segments = await reader.IsDBNullAsync(2, cancellationToken) ? [] : [new LogSegment(reader.GetFieldValue<byte[]>(2), IsCompressed: true)];
        return new LogPage(isFinal, last, segments);
    }

    public async Task<IReadOnlyList<ClaimedRun>> ClaimAsync(int most, IReadOnlyCollection<ResponseId> own, CancellationToken cancellationToken)
    {
        await using var command = Command(Claim, Of(most), Of(own.Select(id => id.Value).ToArray()));
        return await ReadClaimsAsync(command, cancellationToken);
    }

    public async Task<ClaimedRun?> SeizeAsync(WorkspaceId workspace, ResponseId response, CancellationToken cancellationToken)
    {
        await using var command = Command(Seize, Of(workspace.Value), Of(response.Value));
        return (await ReadClaimsAsync(command, cancellationToken)).SingleOrDefault();
    }

    public async Task ReleaseAsync(ResponseId response, int epoch, CancellationToken cancellationToken)
    {
        await using var command = Command(Release, Of(response.Value), Of(epoch));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<ClaimedRun>> ReadClaimsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claims = new List<ClaimedRun>();
        while (await reader.ReadAsync(cancellationToken))
            claims.Add(new ClaimedRun(new ResponseId(reader.GetGuid(0)), Ids.From<WorkspaceId>(reader.GetGuid(1)), reader.GetInt32(2), reader.GetInt64(3), reader.GetInt32(4)));
        return claims;
    }

    // Classes of data that does not fit, breaks a constraint, or is too large: no repetition helps.
    private static bool IsAboutData(PostgresException e) => e.SqlState[..2] is "22" or "23" or "54";

    private static Guid[] IdsOf(IReadOnlyList<RunAppend> group) => [.. group.Select(run => run.Response.Value)];

    private NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };
}
