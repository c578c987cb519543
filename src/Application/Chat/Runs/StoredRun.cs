using System.Buffers;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Chat;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>A run as it is stored: what every reader is told of one that this process no longer owns.</summary>
internal sealed record StoredRun(ResponseStatus Status, ReadOnlyMemory<byte> Json)
{
    public static async Task<StoredRun> LoadAsync(IChatDb db, ResponseId id, CancellationToken cancellationToken)
    {
        var stored = await db.Responses.AsNoTracking().SingleOrDefaultAsync(response => response.Id == id, cancellationToken);
        return stored is null
            ? new StoredRun(ResponseStatus.Failed, "{}"u8.ToArray())
            : new StoredRun(stored.Status, ResponseJson.ToJson(stored, await db.OutputOfAsync(id, cancellationToken)));
    }

    public WireEvent ToTerminalEvent(long sequence)
    {
        var type = Status switch
        {
            ResponseStatus.Completed => "response.completed",
            ResponseStatus.Failed => "response.failed",
            _ => "response.incomplete",
        };
        var buffer = new ArrayBufferWriter<byte>(Json.Length + 100);
        using (var json = WireJson.Writer(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteNumber("sequence_number"u8, sequence);
            json.WritePropertyName("response"u8);
            json.WriteRawValue(Json.Span, skipInputValidation: true);
            json.WriteEndObject();
        }

        return new WireEvent(type, buffer.WrittenMemory);
    }
}
