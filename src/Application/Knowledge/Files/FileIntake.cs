using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>Takes new files in: first the row, then the content, then the word that the file is there.</summary>
internal sealed class FileIntake(IKnowledgeDb db, IFileStorage storage, FileClearing clearing, ICaller caller, TimeProvider clock)
{
    /// <summary>Whoever takes longer is cut off; much later, what is not whole is cleared away.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromHours(12);

    /// <summary>A file that is about to arrive. Disposing it before it is kept leaves nothing of it.</summary>
    public async Task<FileArrival> BeginAsync(string filename, CancellationToken cancellationToken)
    {
        var me = caller.Current;
        var file = StoredFile.Begin(me.WorkspaceId, me.UserId, FileNames.Clean(filename), purpose: "", expiresAfter: null, clock.GetUtcNow());
        db.Files.Add(file);
        await db.SaveChangesAsync(cancellationToken);
        return new FileArrival(file, db, storage, clearing);
    }
}

internal sealed class FileArrival(StoredFile file, IKnowledgeDb db, IFileStorage storage, FileClearing clearing) : IAsyncDisposable
{
    private byte[] _head = [];
    private StoredContent? _content;
    private bool _isKept;

    public FileId Id => file.Id;

    public async Task ReceiveAsync(Stream content, long mostBytes, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FileIntake.TimeLimit);
        _head = new byte[FileContents.HeadLength];
        var length = await content.ReadAtLeastAsync(_head, _head.Length, throwOnEndOfStream: false, limit.Token);
        Array.Resize(ref _head, length);
        try
        {
            await using var whole = new RejoinedStream(_head, content);
            _content = await storage.WriteAsync(file.StorageKey, whole, mostBytes, limit.Token);
        }
        catch (ContentTooLarge)
        {
            throw TooLarge(mostBytes);
        }
    }

    /// <summary>Saves that the file is there, with whatever else this unit of work has changed.</summary>
    public async Task<FileView> KeepAsync(string purpose, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        FileContents.Require(_head, file.Filename, purpose);
        file.Describe(purpose, lifetime);
        file.Complete(_content!.Bytes, _content.Hash);
        await db.SaveChangesAsync(cancellationToken);
        _isKept = true;
        return FileView.Of(file);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isKept) await clearing.RemoveAsync(file);
    }

    public static TooLarge TooLarge(long mostBytes) =>
        new("file_too_large", $"The file is larger than this server takes: {mostBytes} bytes (setting Knowledge:MaxFileBytes).", "file");
}
