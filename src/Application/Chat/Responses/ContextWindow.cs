using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>
/// Makes a prompt fit its model, as <c>truncation</c> says: <c>disabled</c> refuses one that is too long, <c>auto</c> drops the oldest whole turns. A turn
/// is a user's message with all that follows up to the next, so a call and its output never part. Instructions and the last turn always stay.
/// </summary>
internal sealed class ContextWindow(ITokenCounter tokens)
{
    /// <summary>Tokens that frame a message in OpenAI's chat format.</summary>
    private const int PerMessage = 4;

    /// <summary>A high-detail image of common size, by OpenAI's own rule.</summary>
    private const int PerImage = 765;

    private const int LeastRoomForAnswer = 256;

    /// <summary>Returns the messages that fit, and how many turns were left out.</summary>
    public (IReadOnlyList<ChatMessage> Messages, int DroppedTurns) Fit(ModelDescriptor model, IReadOnlyList<ChatMessage> messages, int? outputLimit, bool mayDrop)
    {
        // Where nobody told us the window, the vendor will say what is too long.
        if (model.ContextWindow is not { } window) return (messages, 0);
        var sizes = messages.Select(message => SizeOf(model.UpstreamName, message)).ToArray();
        var size = sizes.Sum();
        var room = window - Math.Min(outputLimit ?? LeastRoomForAnswer, window);
        if (size <= room) return (messages, 0);
        if (!mayDrop) throw TooLong(model, window, size, outputLimit);

        var turns = TurnsOf(messages);
        var dropped = 0;
        var kept = new bool[messages.Count];
        Array.Fill(kept, true);
        while (size > room && dropped < turns.Count - 1)
        {
            foreach (var index in turns[dropped])
            {
                kept[index] = false;
                size -= sizes[index];
            }

            dropped++;
        }

        if (size > room) throw TooLong(model, window, size, outputLimit);
        return ([.. messages.Where((_, index) => kept[index])], dropped);
    }

    public int Count(string model, IEnumerable<ChatMessage> messages) => messages.Sum(message => SizeOf(model, message));

    private static List<List<int>> TurnsOf(IReadOnlyList<ChatMessage> messages)
    {
        var turns = new List<List<int>>();
        for (var i = 0; i < messages.Count; i++)
        {
            if (messages[i].Role is "system" or "developer") continue;
            // Several user messages in a row are one turn.
            var startsTurn = messages[i].Role == "user" && (i == 0 || messages[i - 1].Role != "user");
            if (startsTurn || turns.Count == 0) turns.Add([]);
            turns[^1].Add(i);
        }

        return turns;
    }

    private int SizeOf(string model, ChatMessage message)
    {
        var size = PerMessage;
        if (message.Content is { } content) size += SizeOf(model, content);
        foreach (var call in message.ToolCalls ?? [])
            if (call.Function is { } function) size += tokens.Count(model, function.Name) + tokens.Count(model, function.Arguments);
        return size;
    }

    private int SizeOf(string model, JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => tokens.Count(model, content.GetString()!),
        JsonValueKind.Array => content.EnumerateArray().Sum(part =>
            part.ValueKind is JsonValueKind.Object && part.TryGetProperty("text", out var text) && text.ValueKind is JsonValueKind.String
                ? tokens.Count(model, text.GetString()!)
                : PerImage),
        _ => 0,
    };

    private static InvalidRequest TooLong(ModelDescriptor model, int window, int size, int? outputLimit) => new(
        "context_length_exceeded",
        $"The model '{model.Id}' takes {window} tokens, but the input has about {size}{(outputLimit is { } limit ? $" and {limit} are asked for the answer" : "")}. "
        + "Shorten the input, or send truncation: \"auto\" to drop the oldest turns.",
        "input");
}
