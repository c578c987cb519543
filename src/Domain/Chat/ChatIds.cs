using AiPlatform.Domain.Common;

namespace AiPlatform.Domain.Chat;

public readonly record struct ConversationId(Guid Value) : IId<ConversationId>
{
    public static string Prefix => "conv_";
    public static ConversationId From(Guid value) => new(value);
}

public readonly record struct ResponseId(Guid Value) : IId<ResponseId>
{
    public static string Prefix => "resp_";
    public static ResponseId From(Guid value) => new(value);
}

/// <summary>An item's id. Its wire prefix follows the item's type, so unlike other ids it is read with any of them.</summary>
public readonly record struct ItemId(Guid Value)
{
    private static readonly Dictionary<string, string> PrefixByType = new(StringComparer.Ordinal)
    {
        ["message"] = "msg_",
        ["reasoning"] = "rs_",
        ["function_call"] = "fc_",
        ["function_call_output"] = "fco_",
        ["file_search_call"] = "fs_",
    };

    public static ItemId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public string ToWire(string type) => (PrefixByType.GetValueOrDefault(type) ?? "item_") + Value.ToString("n");

    public static ItemId? Parse(string? wire) =>
        wire is not null && wire.IndexOf('_', StringComparison.Ordinal) is > 0 and var end && Guid.TryParseExact(wire.AsSpan(end + 1), "n", out var value)
            ? new ItemId(value)
            : null;
}
