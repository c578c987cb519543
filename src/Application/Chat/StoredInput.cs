using System.Text.Json;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat;

/// <summary>Puts input items where they belong.</summary>
internal static class StoredInput
{
    /// <summary>Adds new items, and all of them to the conversation, if there is one.</summary>
    public static void AddInput(this IChatDb db, WorkspaceId workspace, IReadOnlyList<InputItem> input, Conversation? conversation, DateTimeOffset now)
    {
        db.Items.AddRange(input.Where(item => !item.IsReference).Select(item => new Item(item.Id, workspace, item.Type, item.Json, now)));
        if (conversation is null) return;
        conversation.Touch(FirstWords(input), now);
        db.ConversationItems.AddRange(input.Select(item => new ConversationItem(workspace, conversation.Id, item.Id)));
    }

    /// <summary>Looks up the items that the input refers to; those of other workspaces do not exist.</summary>
    public static async Task<IReadOnlyList<InputItem>> ResolveAsync(this IChatDb db, IReadOnlyList<InputItem> input, CancellationToken cancellationToken)
    {
        var ids = input.Where(item => item.IsReference).Select(item => item.Id).Distinct().ToList();
        if (ids.Count == 0) return input;
        var found = await db.Items.AsNoTracking().Where(item => ids.Contains(item.Id)).ToDictionaryAsync(item => item.Id, cancellationToken);
        return [.. input.Select(item => !item.IsReference ? item
            : found.TryGetValue(item.Id, out var stored) ? item with { Type = stored.Type, Json = stored.Json }
            : throw NotFound.Of("Item", item.Id.ToWire("")))];
    }

    /// <summary>What a conversation is named after.</summary>
    public static string? FirstWords(IReadOnlyList<InputItem> input)
    {
        foreach (var item in input.Where(item => item.Type == "message"))
        {
            using var json = JsonDocument.Parse(item.Json);
            if (json.RootElement.GetProperty("role").GetString() != "user") continue;
            foreach (var part in json.RootElement.GetProperty("content").EnumerateArray())
                if (part.TryGetProperty("text", out var text) && text.GetString() is { Length: > 0 } words) return words;
        }

        return null;
    }
}
