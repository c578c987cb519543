using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Tells readers, in this process (<see cref="RunChanges"/>) and in others, that something has happened to a run. Only ever a hint: it may be late, lost or
/// repeated, and nothing depends on it.
/// </summary>
public interface IRunSignals
{
    /// <summary>Something new can be read, or its owner has changed.</summary>
    void Changed(ResponseId response);

    /// <summary>A run waits for somebody to claim it.</summary>
    void Claimable();
}
