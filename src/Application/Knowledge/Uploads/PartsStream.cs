using System.Security.Cryptography;
using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Uploads;

/// <summary>The contents of parts, one after the other; each is opened when its turn comes.</summary>
internal sealed class PartsStream(IFileStorage storage, IEnumerable<UploadPart> parts) : ReadOnceStream
{
    private readonly Queue<UploadPart> _left = new(parts);

    // Clients check with it that nothing was lost; nothing depends on its strength.
#pragma warning disable CA5351
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private Stream? _current;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_current is not null || _left.Count > 0)
        {
            _current ??= await OpenAsync(_left.Dequeue(), cancellationToken);
            var length = await _current.ReadAsync(buffer, cancellationToken);
            if (length > 0)
            {
                _md5.AppendData(buffer.Span[..length]);
                return length;
            }

            await _current.DisposeAsync();
            _current = null;
        }

        return 0;
    }

    /// <summary>Of what has been read.</summary>
    public bool HasMd5(string hex) => Convert.ToHexString(_md5.GetCurrentHash()).Equals(hex, StringComparison.OrdinalIgnoreCase);

    public override async ValueTask DisposeAsync()
    {
        if (_current is not null) await _current.DisposeAsync();
        _md5.Dispose();
        await base.DisposeAsync();
    }

    // They go when the upload is cancelled, or was completed by another request.
    private async Task<Stream> OpenAsync(UploadPart part, CancellationToken cancellationToken) => await storage.OpenAsync(part.StorageKey, cancellationToken)
        ?? throw new RuleBroken("upload_not_pending", "The upload ended while it was being completed. Ask for it again.");
}
