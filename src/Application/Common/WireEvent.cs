namespace AiPlatform.Application.Common;

/// <summary>
/// One event of a stream as clients get it, whatever carries it: its name, where the API gives events names, its JSON, and its number, where a stream can
/// be taken up again after it.
/// </summary>
public readonly record struct WireEvent(string? Type, ReadOnlyMemory<byte> Json, long? Sequence = null)
{
    /// <summary>Whether it ends the stream of a response: no event follows.</summary>
    public bool EndsResponse => Type is "response.completed" or "response.incomplete" or "response.failed";
}
