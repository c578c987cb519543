using System.Text.Json;
using AiPlatform.Application.Chat;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Domain.Chat;
using Npgsql;
using NpgsqlTypes;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// Writes what a run changes as one batch each: one round trip, prepared, whatever it holds. What has no BEGIN is one transaction, so no lock outlives a
/// process that dies in the middle. The change tracker would cost several times that.
/// </summary>
internal sealed class RunStore(NpgsqlDataSource database) : IRunStore
{
    private const string AddResponse = """
        INSERT INTO chat.responses (id, workspace_id, user_id, api_key_id, conversation_id, previous_response_id, status, model, settings, request, is_background,
            created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    // The database's clock decides who is late, so it also says when a lease begins. A run that waits for an owner has none yet.
    private const string AddRun = """
        INSERT INTO chat.runs (response_id, workspace_id, epoch, last_sequence, watched_until, lease_until)
        VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN now() + interval '30 seconds' END, CASE WHEN $3 = 0 THEN '-infinity' ELSE now() + interval '4 seconds' END)
        """;

    private const string AddEvents = "INSERT INTO chat.run_events (response_id, first_sequence, last_sequence, workspace_id, payload) VALUES ($1, 0, $2, $3, $4)";

    private const string AddItems = """
        INSERT INTO chat.items (id, workspace_id, type, json, created_at)
        SELECT id, $1, type, json, $5 FROM unnest($2, $3, $4) AS item (id, type, json)
        """;

    private const string AddPlaces = """
        INSERT INTO chat.response_items (workspace_id, response_id, ordinal, is_output, item_id)
        SELECT $1, $2, $3 + ordinal - 1, $4, id FROM unnest($5) WITH ORDINALITY AS item (id, ordinal)
        """;

    private const string AddToConversation = """
        INSERT INTO chat.conversation_items (workspace_id, conversation_id, item_id)
        SELECT $1, c.id, item.id FROM chat.conversations c, unnest($3) WITH ORDINALITY AS item (id, ordinal)
        WHERE c.id = $2 AND c.workspace_id = $1 ORDER BY ordinal
        """;

    private const string TouchConversation = "UPDATE chat.conversations SET updated_at = $3, title = COALESCE(title, $4) WHERE workspace_id = $1 AND id = $2";

    private const string AddKey = """
        INSERT INTO chat.idempotency_keys (workspace_id, endpoint, key, body_hash, response_id, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
        """;

    private const string Continue = """
        WITH own AS (UPDATE chat.runs SET stalls = $3 WHERE response_id = $1 AND epoch = $2 RETURNING response_id)
        UPDATE chat.responses r SET status = 'in_progress', interruptions = $4, usage = $5 FROM own WHERE r.id = own.response_id
        """;

    // The fence: of all who try, one finds the run as it is. For the others it fails, and all that follows with it.
    private const string EndRun = """
        WITH ended AS (DELETE FROM chat.runs WHERE response_id = $1 AND epoch = $2 AND last_sequence = $3 RETURNING 1)
        SELECT chat.require_run((SELECT count(*) FROM ended) = 1)
        """;

    private const string NotOurs = "RUN01";

    // A repeat of a request that failed before its first word is a new attempt.
    private const string FreeKey = "DELETE FROM chat.idempotency_keys WHERE response_id = $1";

    private const string EndResponse = """
        UPDATE chat.responses SET status = $3, error_code = $4, error_message = $5, incomplete_reason = $6, usage = $7, completed_at = $8, interruptions = $9, request = NULL
        WHERE workspace_id = $1 AND id = $2
        """;

    private const string AddLog = "INSERT INTO chat.response_logs (response_id, workspace_id, last_sequence, payload) VALUES ($1, $2, $3, $4)";

    private const string DeleteEvents = "DELETE FROM chat.run_events WHERE response_id = $1";

    public async Task BeginAsync(BegunRun run, CancellationToken cancellationToken)
    {
        var (response, workspace) = (run.Response, run.Response.WorkspaceId.Value);
        await using var batch = database.CreateBatch();
        Add(batch, AddResponse,
            Of(response.Id.Value), Of(workspace), Of(response.UserId.Value), Of(response.ApiKeyId?.Value), Of(response.ConversationId?.Value), Of(response.PreviousResponseId?.Value),
            Of(SnakeCase.Of(response.Status.ToString())), Of(response.Model), Json(response.Settings), Json(response.Request), Of(response.IsBackground),
            Of(response.CreatedAt), Of(response.ExpiresAt));
        Add(batch, AddRun, Of(response.Id.Value), Of(workspace), Of(response.Status is ResponseStatus.Queued ? 0 : 1), Of(run.LastSequence), Of(run.IsWatched));
        Add(batch, AddEvents, Of(response.Id.Value), Of(run.LastSequence), Of(workspace), Of(run.Events));
        AddAll(batch, response, run.NewItems, run.Input, ordinal: 0, isOutput: false, response.CreatedAt);
        if (run.Conversation is { } conversation) AddTo(batch, conversation.Id, workspace, run.Input, conversation.UpdatedAt, conversation.Title);
        if (run.Key is { } key) Add(batch, AddKey, Of(workspace), Of(key.Endpoint), Of(key.Key), Of(key.BodyHash), Of(response.Id.Value), Of(key.ExpiresAt));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.ConstraintName == "responses_one_active_per_conversation")
        {
            throw new ConversationBusy(e);
        }
        catch (PostgresException e) when (e.ConstraintName == "idempotency_keys_pkey")
        {
            throw new KeyTaken(e);
        }
    }

    public async Task<bool> ContinueAsync(Response response, int epoch, int stalls, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        Add(batch, Continue, Of(response.Id.Value), Of(epoch), Of(stalls), Of(response.Interruptions), UsageOf(response));
        return await batch.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    public async Task<bool> EndAsync(FinishedRun run, CancellationToken cancellationToken)
    {
        var (response, workspace) = (run.Response, run.Response.WorkspaceId.Value);
        await using var batch = database.CreateBatch();
        Add(batch, EndRun, Of(response.Id.Value), Of(run.Epoch), Of(run.Written));
        Add(batch, EndResponse,
            Of(workspace), Of(response.Id.Value), Of(SnakeCase.Of(response.Status.ToString())), Of(response.ErrorCode), Of(response.ErrorMessage), Of(response.IncompleteReason),
            UsageOf(response), Of(response.CompletedAt), Of(response.Interruptions));
        Add(batch, AddLog, Of(response.Id.Value), Of(workspace), Of(run.Log.LastSequence), Of(run.Log.Payload));
        Add(batch, DeleteEvents, Of(response.Id.Value));
        ItemId[] output = [.. run.Output.Select(item => item.Id)];
        AddAll(batch, response, run.Output, output, run.InputCount, isOutput: true, run.Now);
        if (response.ConversationId is { } conversation && output.Length > 0) AddTo(batch, conversation, workspace, output, run.Now, title: null);
        if (response is { Status: ResponseStatus.Failed } && response.Output.All(item => item is FileSearchItem)) Add(batch, FreeKey, Of(response.Id.Value));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == NotOurs)
        {
            return false;
        }
    }

    private static NpgsqlParameter<string?> UsageOf(Response response) =>
        Json(response.Usage is { } usage ? JsonSerializer.Serialize(usage, JsonSerializerOptions.Default) : null);

    private static void AddAll(NpgsqlBatch batch, Response response, IReadOnlyList<Item> items, IReadOnlyList<ItemId> places, int ordinal, bool isOutput, DateTimeOffset now)
    {
        var workspace = response.WorkspaceId.Value;
        if (items.Count > 0)
        {
            Add(batch, AddItems,
                Of(workspace), Of(items.Select(item => item.Id.Value).ToArray()), Of(items.Select(item => item.Type).ToArray()),
                new NpgsqlParameter<string[]> { TypedValue = [.. items.Select(item => item.Json)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Json }, Of(now));
        }

        if (places.Count > 0) Add(batch, AddPlaces, Of(workspace), Of(response.Id.Value), Of(ordinal), Of(isOutput), Of(places.Select(id => id.Value).ToArray()));
    }

    private static void AddTo(NpgsqlBatch batch, ConversationId conversation, Guid workspace, IReadOnlyList<ItemId> items, DateTimeOffset now, string? title)
    {
        if (items.Count > 0) Add(batch, AddToConversation, Of(workspace), Of(conversation.Value), Of(items.Select(id => id.Value).ToArray()));
        Add(batch, TouchConversation, Of(workspace), Of(conversation.Value), Of(now), Of(title));
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter<string?> Json(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Json };
}
