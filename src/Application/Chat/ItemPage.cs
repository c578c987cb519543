using System.Buffers;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat;

/// <summary>An item and its place in the list it is shown in.</summary>
internal sealed class PlacedItem
{
    public long Position { get; init; }
    public ItemId Id { get; init; }
    public string Type { get; init; } = "";
    public string Json { get; init; } = "";
}

/// <summary>A page of items, as the API shows it. The items are JSON already, so the page is written as bytes.</summary>
public sealed record ItemPage(ReadOnlyMemory<byte> Json)
{
    internal static async Task<ItemPage> LoadAsync(IQueryable<PlacedItem> items, PageRequest page, CancellationToken cancellationToken)
    {
        var ordered = page.IsAscending ? items.OrderBy(item => item.Position) : items.OrderByDescending(item => item.Position);
        IQueryable<PlacedItem> wanted = ordered;
        if (page.After is { } after)
        {
            var id = ItemId.Parse(after);
            var cursor = await items.Where(item => item.Id == id).Select(item => (long?)item.Position).FirstOrDefaultAsync(cancellationToken)
                ?? throw new InvalidRequest("invalid_value", $"Invalid 'after': no item '{after}' in this list.", "after");
            wanted = page.IsAscending ? ordered.Where(item => item.Position > cursor) : ordered.Where(item => item.Position < cursor);
        }

        var rows = await wanted.Take(page.Size + 1).ToListAsync(cancellationToken);
        return Of(rows.Take(page.Size).ToList(), rows.Count > page.Size);
    }

    internal static ItemPage Of(IReadOnlyList<PlacedItem> rows, bool hasMore)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = WireJson.Writer(buffer))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var row in rows) json.WriteRawValue(row.Json, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteString("first_id"u8, rows.Count == 0 ? null : rows[0].Id.ToWire(rows[0].Type));
            json.WriteString("last_id"u8, rows.Count == 0 ? null : rows[^1].Id.ToWire(rows[^1].Type));
            json.WriteBoolean("has_more"u8, hasMore);
            json.WriteEndObject();
        }

        return new ItemPage(buffer.WrittenMemory);
    }
}
