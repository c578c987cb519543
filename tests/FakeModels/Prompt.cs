using System.Text.Json;

namespace AiPlatform.FakeModels;

internal enum Speaker { System, User, Assistant, Tool }

internal sealed record Turn(Speaker Speaker, string Text, int ToolCalls = 0);

/// <summary>A request in either vendor's format, reduced to what decides the answer.</summary>
internal sealed record Prompt
{
    public required string Model { get; init; }
    public required IReadOnlyList<Turn> Turns { get; init; }
    public bool Stream { get; init; }
    public bool IncludeUsage { get; init; }
    public int Choices { get; init; } = 1;
    public int? MaxTokens { get; init; }
    public IReadOnlyList<string> Stops { get; init; } = [];
    public bool Logprobs { get; init; }
    public int TopLogprobs { get; init; }
    public bool ToolsForbidden { get; init; }
    public bool OffersTools { get; init; } = true;

    /// <summary>The function the request insists on, when it insists on one.</summary>
    public string? ForcedTool { get; init; }
    public JsonElement? JsonSchema { get; init; }
    public bool JsonObject { get; init; }

    public int Tokens => (Turns.Sum(turn => turn.Text.Length) + 3) / 4;

    public string LastUserText => Turns.LastOrDefault(turn => turn.Speaker == Speaker.User)?.Text ?? "";

    /// <summary>The text of a content field: a string, or the text parts of an array.</summary>
    public static string TextOf(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Join("\n", content.EnumerateArray().Select(TextOfPart).Where(text => text.Length > 0)),
        _ => "",
    };

    public static string TextOfPart(JsonElement part) =>
        part.ValueKind == JsonValueKind.String ? part.GetString()!
        : part.TryText("text") ?? part.TryText("refusal") ?? "";
}

internal static class JsonElementExtensions
{
    public static JsonElement? Try(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? TryText(this JsonElement element, string name) =>
        element.Try(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static int? TryNumber(this JsonElement element, string name) =>
        element.Try(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    public static bool IsTrue(this JsonElement element, string name) => element.Try(name) is { ValueKind: JsonValueKind.True };

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Try(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];
}
