using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>What reads, decides and saves is done anew where somebody else has written in between. Whoever is too often too late is told to try again.</summary>
internal static class Races
{
    private const int MostRounds = 8;
    private const string Deadlock = "40P01";

    public static Task UntilSavedAsync(this IKnowledgeDb db, Func<Task> readAndSave) => db.UntilSavedAsync(async () =>
    {
        await readAndSave();
        return true;
    });

    public static async Task<T> UntilSavedAsync<T>(this IKnowledgeDb db, Func<Task<T>> readAndSave)
    {
        for (var round = 1; ; round++)
        {
            try
            {
                return await readAndSave();
            }
            catch (Exception e) when (IsLost(e))
            {
                if (round == MostRounds) throw StoreErrors.Busy();
                db.Forget();
            }
        }
    }

    private static bool IsLost(Exception e) =>
        e is AttachmentRace or DbUpdateConcurrencyException or DbException { SqlState: Deadlock } or { InnerException: DbException { SqlState: Deadlock } };
}
