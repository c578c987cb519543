using System.Security.Cryptography;
using AiPlatform.Application.Knowledge.Files;

namespace AiPlatform.Infrastructure.Files;

/// <summary>A content on its way into storage: counted, hashed, and cut off where it is too long.</summary>
internal sealed class MeasuredContent(Stream content, long mostBytes) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytes;

    /// <summary>Fills the buffer as far as the content goes; less than the whole buffer is the end.</summary>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var length = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        _bytes += length;
        if (_bytes > mostBytes) throw new ContentTooLarge(mostBytes);
        _hash.AppendData(buffer.Span[..length]);
        return length;
    }

    public StoredContent Result() => new(_bytes, _hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
