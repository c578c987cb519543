using System.Globalization;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>How rows of work name who has them in hand.</summary>
internal static class Owner
{
    /// <summary>This process, as the operator knows it: the machine and the process's number.</summary>
    public static readonly string ThisProcess = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}");
}
