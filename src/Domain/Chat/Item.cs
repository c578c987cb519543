using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Chat;

/// <summary>
/// One message, call, call output or piece of reasoning, exactly as the API shows it. Items never change; conversations and responses refer to them.
/// </summary>
public sealed class Item : IBelongToWorkspace
{
    private Item()
    {
    }

    public Item(ItemId id, WorkspaceId workspace, string type, string json, DateTimeOffset now) =>
        (Id, WorkspaceId, Type, Json, CreatedAt) = (id, workspace, type, json, now);

    public ItemId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public string Type { get; private set; } = "";
    public string Json { get; private set; } = "";
    public DateTimeOffset CreatedAt { get; private set; }
}

/// <summary>An item's place in a conversation. The database numbers the places in the order they were taken.</summary>
public sealed class ConversationItem : IBelongToWorkspace
{
    private ConversationItem()
    {
    }

    public ConversationItem(WorkspaceId workspace, ConversationId conversation, ItemId item) =>
        (WorkspaceId, ConversationId, ItemId) = (workspace, conversation, item);

    public long Position { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public ConversationId ConversationId { get; private set; }
    public ItemId ItemId { get; private set; }
}

/// <summary>An item's place in a response: its input first, then its output.</summary>
public sealed class ResponseItem : IBelongToWorkspace
{
    private ResponseItem()
    {
    }

    public ResponseItem(WorkspaceId workspace, ResponseId response, int ordinal, bool isOutput, ItemId item) =>
        (WorkspaceId, ResponseId, Ordinal, IsOutput, ItemId) = (workspace, response, ordinal, isOutput, item);

    public WorkspaceId WorkspaceId { get; private set; }
    public ResponseId ResponseId { get; private set; }
    public int Ordinal { get; private set; }
    public bool IsOutput { get; private set; }
    public ItemId ItemId { get; private set; }
}
