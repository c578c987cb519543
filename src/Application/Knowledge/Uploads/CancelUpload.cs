using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Uploads;

/// <summary>Gives an upload up. Cancelling one that is cancelled changes nothing.</summary>
public sealed record CancelUpload(string UploadId) : IRequest<UploadView>;

internal sealed class CancelUploadHandler(IKnowledgeDb db, FileClearing clearing, TimeProvider clock) : IRequestHandler<CancelUpload, UploadView>
{
    public async Task<UploadView> Handle(CancelUpload request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var upload = await db.RequireUploadAsync(request.UploadId, cancellationToken);
        if (upload.Status is UploadStatus.Cancelled) return UploadView.Of(upload, now);
        upload.Cancel(now);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            var ended = await db.Uploads.AsNoTracking().SingleAsync(one => one.Id == upload.Id, cancellationToken);
            if (ended.Status is not UploadStatus.Cancelled) ended.RequirePending(now);
        }

        await clearing.ClearAsync(await db.WholePartsAsync(upload, cancellationToken));
        return UploadView.Of(upload, now);
    }
}
