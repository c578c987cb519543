using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Files;

/// <summary>A content of a bucket as a stream that can be read from any position: each seek asks the bucket anew, when the next byte is wanted.</summary>
internal sealed class S3ReadStream(IAmazonS3 client, string bucket, string key, long length, ILogger log) : Stream
{
    private long _position;
    private GetObjectResponse? _response;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => Seek(value, SeekOrigin.Begin);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.IsEmpty) return 0;
        try
        {
            _response ??= await client.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = _position == 0 ? null : new ByteRange(_position, length - 1) }, cancellationToken);
            var read = await _response.ResponseStream.ReadAsync(buffer, cancellationToken);
            if (read == 0) throw new EndOfStreamException("The bucket sent less than it announced.");
            _position += read;
            return read;
        }
        catch (Exception e) when (S3FileStorage.IsFailure(e))
        {
            throw StorageFailures.Unavailable(log, e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => _position + offset,
            _ => length + offset,
        };
        ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(offset));
        if (position != _position) Close(ref _response);
        return _position = position;
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) Close(ref _response);
        base.Dispose(disposing);
    }

    private static void Close(ref GetObjectResponse? response)
    {
        response?.Dispose();
        response = null;
    }
}
