using System.Data.Common;

namespace AiPlatform.Application.Common;

internal static class DatabaseOutage
{
    /// <summary>
    /// Whether the database is away for a while: connections that break or are refused, an operator's shutdown, conflicts between transactions. A statement that takes too long may do so for
    /// ever, and a full disk must be seen: these are failures like any other.
    /// </summary>
    public static bool IsBehind(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (e is TimeoutException) return false;
            if (e is not DbException database) continue;
            if (database.SqlState is { } state) return state is "53300" or "40001" or "40P01" or "55P03" || state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal);
            if (!database.IsTransient) return false;
            if (database.InnerException is not TimeoutException) return true;
        }

        return false;
    }
}
