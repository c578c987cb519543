using AiPlatform.Application.Chat;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Identity;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>A chain of responses is one recursive query, however long it is.</summary>
internal sealed class ChatHistory(NpgsqlDataSource database) : IChatHistory
{
    private const string Chain = """
        WITH RECURSIVE chain AS (
            SELECT id, previous_response_id, conversation_id, 0 AS depth
            FROM chat.responses WHERE workspace_id = $1 AND id = $2
            UNION ALL
            SELECT r.id, r.previous_response_id, r.conversation_id, chain.depth + 1
            FROM chain JOIN chat.responses r ON r.workspace_id = $1 AND r.id = chain.previous_response_id
        )
        """;

    private const string Root = Chain + "SELECT id, previous_response_id, conversation_id FROM chain ORDER BY depth DESC LIMIT 1";

    private const string Items = Chain + """
        SELECT i.json::text
        FROM chain
        JOIN chat.response_items p ON p.response_id = chain.id
        JOIN chat.items i ON i.id = p.item_id
        ORDER BY chain.depth DESC, p.ordinal
        """;

    private const string ConversationBefore = """
        SELECT i.json::text
        FROM chat.conversation_items c JOIN chat.items i ON i.id = c.item_id
        WHERE c.workspace_id = $1 AND c.conversation_id = $3 AND c.position < COALESCE((
            -- An item that is referred to once more has an earlier place as well.
            SELECT min(place) FROM (
                SELECT max(own.position) AS place FROM chat.conversation_items own
                JOIN chat.response_items p ON p.item_id = own.item_id AND p.response_id = $2
                WHERE own.conversation_id = $3 GROUP BY own.item_id) AS own_places), 9223372036854775807)
        ORDER BY c.position
        """;

    private const string Conversation = """
        SELECT i.json::text
        FROM chat.conversation_items c JOIN chat.items i ON i.id = c.item_id
        WHERE c.workspace_id = $1 AND c.conversation_id = $2
        ORDER BY c.position
        """;

    public async Task<IReadOnlyList<string>?> OfChainAsync(WorkspaceId workspace, ResponseId last, CancellationToken cancellationToken)
    {
        await using var command = Command(Root, workspace.Value, last.Value);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        // The root of a whole chain has no predecessor; one that names a predecessor nobody finds has lost it.
        if (!await reader.ReadAsync(cancellationToken) || !await reader.IsDBNullAsync(1, cancellationToken)) return null;
        var root = reader.GetGuid(0);
        Guid? conversation = await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetGuid(2);
        var own = await ReadAsync(Command(Items, workspace.Value, last.Value), cancellationToken);
        return conversation is { } id
            ? [.. await ReadAsync(Command(ConversationBefore, workspace.Value, root, id), cancellationToken), .. own]
            : own;
    }

    public async Task<IReadOnlyList<string>> OfConversationBeforeAsync(
        WorkspaceId workspace, ConversationId conversation, ResponseId response, CancellationToken cancellationToken) =>
        await ReadAsync(Command(ConversationBefore, workspace.Value, response.Value, conversation.Value), cancellationToken);

    public async Task<IReadOnlyList<string>> OfConversationAsync(WorkspaceId workspace, ConversationId conversation, CancellationToken cancellationToken) =>
        await ReadAsync(Command(Conversation, workspace.Value, conversation.Value), cancellationToken);

    private NpgsqlCommand Command(string sql, params Guid[] parameters)
    {
        var command = database.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = parameter });
        return command;
    }

    private static async Task<List<string>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            var items = new List<string>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) items.Add(reader.GetString(0));
            return items;
        }
    }
}
