using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>
/// Deletes files past their time, and clears away what was begun and never ended: files that did not arrive, contents of deleted files, parts of uploads
/// that are over. Work for no workspace; idempotent.
/// </summary>
public sealed record PurgeFiles : IRequest<int>;

internal sealed class PurgeFilesHandler(IKnowledgeDb db, IFileRemoval removal, FileClearing clearing, TimeProvider clock) : IRequestHandler<PurgeFiles, int>
{
    private const int AtOnce = 200;

    /// <summary>Longer than anything may take to arrive.</summary>
    private static readonly TimeSpan Grace = 2 * FileIntake.TimeLimit;

    public async Task<int> Handle(PurgeFiles request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await HideExpiredAsync(now, cancellationToken);
        var purged = await ClearFilesAsync(now - Grace, cancellationToken) + await ClearPartsAsync(now, cancellationToken);
        await db.Uploads.Where(upload => upload.ExpiresAt < now - Grace && !db.UploadParts.Any(part => part.UploadId == upload.Id)).ExecuteDeleteAsync(cancellationToken);
        return purged;
    }

    private async Task HideExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        HiddenFiles hidden;
        do
        {
            hidden = await removal.HideExpiredAsync(now, AtOnce, cancellationToken);
            clearing.Tell(hidden);
        }
        while (hidden.Count == AtOnce);
    }

    private async Task<int> ClearFilesAsync(DateTimeOffset begunBefore, CancellationToken cancellationToken)
    {
        var cleared = 0;
        FileId last = default;
        while (true)
        {
            var files = await db.Files.AsNoTracking()
                .Where(file => file.Id > last && (file.Status == FileStatus.Deleted || (file.Status == FileStatus.Uploading && file.CreatedAt < begunBefore)))
                .OrderBy(file => file.Id).Take(AtOnce).ToListAsync(cancellationToken);
            foreach (var file in files)
                if (await clearing.ClearAsync(file)) cleared++;
            if (files.Count < AtOnce) return cleared;
            last = files[^1].Id;
        }
    }

    // A part that is still arriving keeps its row, and an upload that has just expired may still be being completed.
    private async Task<int> ClearPartsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var cleared = 0;
        UploadPartId last = default;
        while (true)
        {
            var parts = await db.UploadParts.AsNoTracking()
                .Where(part => part.Id > last && (part.Bytes != null || part.CreatedAt < now - Grace))
                .Where(part => db.Uploads.Any(upload => upload.Id == part.UploadId && (upload.Status != UploadStatus.Pending || upload.ExpiresAt < now - Grace)))
                .OrderBy(part => part.Id).Take(AtOnce).ToListAsync(cancellationToken);
            cleared += await clearing.ClearAsync(parts);
            if (parts.Count < AtOnce) return cleared;
            last = parts[^1].Id;
        }
    }
}
