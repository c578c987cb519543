namespace AiPlatform.Application.Knowledge.Files;

/// <summary>Contents of files, by key. They are written once, whole or not at all, and never changed.</summary>
public interface IFileStorage
{
    /// <summary>Streams a content in; nothing of it is kept when this throws.</summary>
    /// <exception cref="ContentTooLarge">It has more than <paramref name="mostBytes"/> bytes.</exception>
    Task<StoredContent> WriteAsync(string key, Stream content, long mostBytes, CancellationToken cancellationToken);

    /// <summary>Null when there is none.</summary>
    Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>One that is not there is deleted already.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);
}

/// <summary>Its length, and its SHA-256.</summary>
public sealed record StoredContent(long Bytes, byte[] Hash);

public sealed class ContentTooLarge(long mostBytes) : Exception($"The content has more than {mostBytes} bytes.")
{
    public long MostBytes { get; } = mostBytes;
}
