using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Uploads;

internal static class UploadQueries
{
    public static async Task<Upload> RequireUploadAsync(this IKnowledgeDb db, string wireId, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<UploadId>(wireId);
        return await db.Uploads.SingleOrDefaultAsync(upload => upload.Id == id, cancellationToken) ?? throw NotFound.Of("Upload", wireId);
    }

    /// <summary>Those parts that have arrived.</summary>
    public static Task<List<UploadPart>> WholePartsAsync(this IKnowledgeDb db, Upload upload, CancellationToken cancellationToken) =>
        db.UploadParts.AsNoTracking().Where(part => part.UploadId == upload.Id && part.Bytes != null).ToListAsync(cancellationToken);
}
