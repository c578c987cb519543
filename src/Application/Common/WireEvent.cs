namespace AiPlatform.Application.Common;

/// <summary>One event of a stream as clients get it, whatever carries it: its name, where the API gives events names, and its JSON.</summary>
public readonly record struct WireEvent(string? Type, ReadOnlyMemory<byte> Json);
