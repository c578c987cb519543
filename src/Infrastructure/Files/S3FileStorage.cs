using System.Buffers;
using System.Net;
using AiPlatform.Application.Knowledge.Files;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Files;

/// <summary>
/// Contents in a bucket of S3. Each is sent in pieces as it arrives, one piece of memory for each content, and appears when the last is there.
/// </summary>
internal sealed class S3FileStorage(IAmazonS3 client, string bucket, ILogger<S3FileStorage> log) : ICheckedStorage, IDisposable
{
    /// <summary>The smallest that S3 allows; 10,000 of them are more than any file may have.</summary>
    private const int PieceLength = 5 * 1024 * 1024;

    private static readonly TimeSpan AbortLimit = TimeSpan.FromSeconds(10);

    public string Place => $"the bucket {bucket}";

    public async Task<StoredContent> WriteAsync(string key, Stream content, long mostBytes, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        using var measured = new MeasuredContent(content, mostBytes);
        try
        {
            var length = await measured.ReadAsync(buffer.AsMemory(0, PieceLength), cancellationToken);
            if (length < PieceLength) await PutAsync(key, buffer, length, cancellationToken);
            else await SendPiecesAsync(key, buffer, measured, cancellationToken);
            return measured.Result();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var about = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = key }, cancellationToken);
            return new S3ReadStream(client, bucket, key, about.ContentLength, log);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw StorageFailures.Unavailable(log, e);
        }
    }

    public async Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        await GuardedAsync(() => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = key }, cancellationToken));
        await AbortUnfinishedAsync(key, cancellationToken);
    }

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, MaxKeys = 1 }, cancellationToken);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound)
        {
            throw new ConfigurationError($"Knowledge__Storage__S3__Bucket: there is no bucket '{bucket}' at this address.");
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.MovedPermanently or HttpStatusCode.BadRequest)
        {
            throw new ConfigurationError($"The bucket '{bucket}' cannot be used ({e.ErrorCode}). Look at AccessKey, SecretKey and Region under Knowledge__Storage__S3.");
        }
    }

    public void Dispose() => client.Dispose();

    private async Task PutAsync(string key, byte[] buffer, int length, CancellationToken cancellationToken) => await GuardedAsync(() => client.PutObjectAsync(
        new PutObjectRequest { BucketName = bucket, Key = key, InputStream = new MemoryStream(buffer, 0, length, writable: false), UseChunkEncoding = false }, cancellationToken));

    private async Task SendPiecesAsync(string key, byte[] buffer, MeasuredContent measured, CancellationToken cancellationToken)
    {
        var begun = await GuardedAsync(() => client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = bucket, Key = key }, cancellationToken));
        try
        {
            var pieces = new List<PartETag>();
            var length = PieceLength;
            do
            {
                var sent = await GuardedAsync(() => client.UploadPartAsync(PieceOf(begun, pieces.Count + 1, buffer, length), cancellationToken));
                pieces.Add(new PartETag(pieces.Count + 1, sent.ETag));
                length = await measured.ReadAsync(buffer.AsMemory(0, PieceLength), cancellationToken);
            }
            while (length > 0);

            await GuardedAsync(() => client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = begun.UploadId, PartETags = pieces }, cancellationToken));
        }
        catch
        {
            await AbortAsync(key, begun.UploadId);
            throw;
        }
    }

    private static UploadPartRequest PieceOf(InitiateMultipartUploadResponse begun, int number, byte[] buffer, int length) => new()
    {
        BucketName = begun.BucketName,
        Key = begun.Key,
        UploadId = begun.UploadId,
        PartNumber = number,
        PartSize = length,
        InputStream = new MemoryStream(buffer, 0, length, writable: false),
        UseChunkEncoding = false,
    };

    /// <summary>Left where a process died while it wrote. Not every server can list them; a rule of the bucket clears them there.</summary>
    private async Task AbortUnfinishedAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            var unfinished = await client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = bucket, Prefix = key }, cancellationToken);
            foreach (var upload in unfinished.MultipartUploads ?? []) await AbortAsync(key, upload.UploadId);
        }
        catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Forbidden)
        {
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw StorageFailures.Unavailable(log, e);
        }
    }

    private async Task AbortAsync(string key, string uploadId)
    {
        // Whoever wanted the content may be gone.
        using var limit = new CancellationTokenSource(AbortLimit);
        try
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = uploadId }, limit.Token);
        }
        catch (Exception e) when (IsFailure(e) || e is OperationCanceledException)
        {
            // Aborted with the row that knows of it.
        }
    }

    private async Task<T> GuardedAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw StorageFailures.Unavailable(log, e);
        }
    }

    internal static bool IsFailure(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException;
}
