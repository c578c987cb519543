using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Files;

internal static class FileQueries
{
    /// <summary>Those that are whole, not deleted and not past their time.</summary>
    public static IQueryable<StoredFile> VisibleAt(this IQueryable<StoredFile> files, DateTimeOffset now) =>
        files.Where(file => file.Status == FileStatus.Ready && (file.ExpiresAt == null || file.ExpiresAt > now));

    public static async Task<StoredFile> RequireFileAsync(this IKnowledgeDb db, string wireId, DateTimeOffset now, CancellationToken cancellationToken, string? param = null)
    {
        var id = Ids.Parse<FileId>(wireId);
        return await db.Files.AsNoTracking().VisibleAt(now).SingleOrDefaultAsync(file => file.Id == id, cancellationToken)
            ?? throw new NotFound("not_found", $"File with id '{wireId}' not found.", param);
    }
}
