using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Knowledge;

public enum UploadStatus
{
    Pending,
    Completed,
    Cancelled,
    Expired,
}

/// <summary>A file that arrives in parts. It expires when it is not completed within an hour.</summary>
public sealed class Upload : IBelongToWorkspace
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private Upload()
    {
    }

    public UploadId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public UserId UserId { get; private set; }
    public string Filename { get; private set; } = "";
    public string Purpose { get; private set; } = "";
    public string MimeType { get; private set; } = "";

    /// <summary>How many bytes the parts must have together.</summary>
    public long Bytes { get; private set; }

    public UploadStatus Status { get; private set; }

    /// <summary>How long the file is to live, once it is whole.</summary>
    public TimeSpan? FileExpiresAfter { get; private set; }

    public FileId? FileId { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    public static Upload Begin(
        WorkspaceId workspace, UserId user, string filename, string purpose, string mimeType, long bytes, TimeSpan? fileExpiresAfter, DateTimeOffset now) => new()
    {
        Id = Ids.New<UploadId>(now),
        WorkspaceId = workspace,
        UserId = user,
        Filename = filename,
        Purpose = purpose,
        MimeType = mimeType,
        Bytes = bytes,
        Status = UploadStatus.Pending,
        FileExpiresAfter = fileExpiresAfter,
        CreatedAt = now,
        ExpiresAt = now + Lifetime,
    };

    /// <summary>Expiry is a matter of the clock: nothing has to happen for it.</summary>
    public UploadStatus StatusAt(DateTimeOffset now) => Status is UploadStatus.Pending && now >= ExpiresAt ? UploadStatus.Expired : Status;

    public void Complete(FileId file, DateTimeOffset now)
    {
        RequirePending(now);
        (Status, FileId) = (UploadStatus.Completed, file);
    }

    public void Cancel(DateTimeOffset now)
    {
        RequirePending(now);
        Status = UploadStatus.Cancelled;
    }

    public void RequirePending(DateTimeOffset now)
    {
        if (StatusAt(now) is var status and not UploadStatus.Pending)
            throw new RuleBroken("upload_not_pending", $"The upload is {status.ToString().ToLowerInvariant()}, so it takes no more parts and cannot be completed or cancelled. Start a new one.");
    }
}

/// <summary>A part of an upload. Its row is there before its content.</summary>
public sealed class UploadPart : IBelongToWorkspace
{
    public const long MaxBytes = 64 * 1024 * 1024;

    private UploadPart()
    {
    }

    public UploadPartId Id { get; private set; }
    public UploadId UploadId { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }

    /// <summary>Null while the content is on its way.</summary>
    public long? Bytes { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public string StorageKey => StoredFile.KeyOf(WorkspaceId, Id.Value);

    public static UploadPart Begin(Upload upload, DateTimeOffset now) =>
        new() { Id = Ids.New<UploadPartId>(now), UploadId = upload.Id, WorkspaceId = upload.WorkspaceId, CreatedAt = now };

    public void Complete(long bytes) => Bytes = bytes;
}
