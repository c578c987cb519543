using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>
/// Removes files in the one order that leaves no content behind that no row knows of, wherever it breaks off: hide, delete the content, delete the row.
/// What is left undone is done by the next purge.
/// </summary>
internal sealed partial class FileClearing(IFileRemoval removal, IKnowledgeDb db, IFileStorage storage, IStoreChanges changes, ILogger<FileClearing> log)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    /// <summary>Removes a file that was not kept. It cannot be told from here whether it was saved after all, so it is hidden first.</summary>
    public async Task RemoveAsync(StoredFile file)
    {
        // Whoever wanted the file may be gone; what is left of it has to go all the same.
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            Tell(await removal.HideAsync(file.WorkspaceId, file.Id, limit.Token));
        }
        catch (Exception e)
        {
            LogLeft(log, file.Id.ToWire(), e.Message);
            return;
        }

        await ClearAsync(file);
    }

    /// <summary>Deletes what is left of a hidden file. True where nothing is left.</summary>
    public async Task<bool> ClearAsync(StoredFile file)
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            await storage.DeleteAsync(file.StorageKey, limit.Token);
            await db.Files.Where(row => row.Id == file.Id).ExecuteDeleteAsync(limit.Token);
            return true;
        }
        catch (Exception e)
        {
            LogLeft(log, file.Id.ToWire(), e.Message);
            return false;
        }
    }

    /// <summary>Deletes the contents and rows of upload parts. Returns how many; what fails is left for the next time.</summary>
    public async Task<int> ClearAsync(IReadOnlyCollection<UploadPart> parts)
    {
        var cleared = 0;
        foreach (var part in parts)
        {
            using var limit = new CancellationTokenSource(TimeLimit);
            try
            {
                await storage.DeleteAsync(part.StorageKey, limit.Token);
                cleared += await db.UploadParts.Where(row => row.Id == part.Id).ExecuteDeleteAsync(limit.Token);
            }
            catch (Exception e)
            {
                LogLeft(log, part.Id.ToWire(), e.Message);
            }
        }

        return cleared;
    }

    public void Tell(HiddenFiles hidden)
    {
        foreach (var store in hidden.Stores) changes.Happened(store);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is left of {Id} could not be cleared away yet: {Reason}")]
    private static partial void LogLeft(ILogger log, string id, string reason);
}
