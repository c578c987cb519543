using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Knowledge;

/// <summary>Where a file is between its first byte and its last.</summary>
public enum FileStatus
{
    /// <summary>Its content is on its way into storage. Nobody sees it; one that stays so is cleared away.</summary>
    Uploading,

    Ready,

    /// <summary>Nobody sees it any more; its content is being cleared away.</summary>
    Deleted,
}

/// <summary>
/// A file that somebody uploaded. Its row is there before its content and goes after it, so that no content is ever left without a row that knows of it.
/// </summary>
public sealed class StoredFile : IBelongToWorkspace
{
    public const int FilenameMaxLength = 255;

    private StoredFile()
    {
    }

    public FileId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public UserId UserId { get; private set; }
    public string Filename { get; private set; } = "";

    /// <summary>One of the API's purposes, such as <c>assistants</c> or <c>user_data</c>.</summary>
    public string Purpose { get; private set; } = "";

    public FileStatus Status { get; private set; }
    public long Bytes { get; private set; }

    /// <summary>SHA-256 of the content; null while it is on its way.</summary>
    public byte[]? Hash { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>The name of the content in the storage.</summary>
    public string StorageKey => KeyOf(WorkspaceId, Id.Value);

    public static StoredFile Begin(WorkspaceId workspace, UserId user, string filename, string purpose, TimeSpan? expiresAfter, DateTimeOffset now) => new()
    {
        Id = Ids.New<FileId>(now),
        WorkspaceId = workspace,
        UserId = user,
        Filename = filename,
        Purpose = purpose,
        Status = FileStatus.Uploading,
        CreatedAt = now,
        ExpiresAt = now + expiresAfter,
    };

    /// <summary>Says what it is for, and for how long: a form may say so after the content.</summary>
    public void Describe(string purpose, TimeSpan? expiresAfter)
    {
        RequireUploading();
        (Purpose, ExpiresAt) = (purpose, CreatedAt + expiresAfter);
    }

    public void Complete(long bytes, byte[] hash)
    {
        RequireUploading();
        (Status, Bytes, Hash) = (FileStatus.Ready, bytes, hash);
    }

    private void RequireUploading()
    {
        if (Status is not FileStatus.Uploading) throw new InvalidOperationException($"File {Id.Value} is {Status}.");
    }

    /// <summary>Names of contents begin with their workspace, so that one workspace's can be found and erased together.</summary>
    public static string KeyOf(WorkspaceId workspace, Guid content) => $"{workspace.Value:n}/{content:n}";
}
