namespace AiPlatform.Application.Knowledge.Files;

/// <summary>A stream whose beginning was read already, from its beginning. It does not own the rest.</summary>
internal sealed class RejoinedStream(ReadOnlyMemory<byte> beginning, Stream rest) : ReadOnceStream
{
    private ReadOnlyMemory<byte> _beginning = beginning;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_beginning.IsEmpty) return await rest.ReadAsync(buffer, cancellationToken);
        var length = Math.Min(buffer.Length, _beginning.Length);
        _beginning[..length].CopyTo(buffer);
        _beginning = _beginning[length..];
        return length;
    }
}
