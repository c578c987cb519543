using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>
/// Who works on which file, and how far it has come. All that a worker writes is refused with <see cref="FileLost"/> when the file is not its own any more.
/// </summary>
public interface IIngestionLog
{
    /// <summary>
    /// Takes the next file there is something to do for: of the workspace that has the fewest in hand, and of those the one that has waited longest.
    /// </summary>
    Task<ClaimedFile?> ClaimAsync(ClaimTerms terms, CancellationToken cancellationToken);

    /// <summary>Prolongs the leases of these files and returns those that are still held.</summary>
    Task<IReadOnlySet<VectorStoreFileId>> RenewAsync(IReadOnlyCollection<ClaimedFile> files, CancellationToken cancellationToken);

    /// <summary>The step is done, without anything to be written, and the next has begun. Returns the file as it is now.</summary>
    Task<ClaimedFile> BeginNextAsync(ClaimedFile file, IngestionStep next, CancellationToken cancellationToken);

    /// <summary>Gives the file back; the step is tried again after a while.</summary>
    Task PostponeAsync(ClaimedFile file, Problem problem, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Gives the file back at once, as if this attempt had not been.</summary>
    Task ReleaseAsync(ClaimedFile file, CancellationToken cancellationToken);

    Task FailAsync(ClaimedFile file, Problem problem, CancellationToken cancellationToken);

    /// <summary>Makes the file visible to searches and what it replaces invisible, in one transaction.</summary>
    Task CompleteAsync(ClaimedFile file, CancellationToken cancellationToken);
}

/// <summary>What a process takes.</summary>
public sealed record ClaimTerms
{
    /// <summary>Who takes it, as the operator knows the process.</summary>
    public required string Owner { get; init; }

    /// <summary>Only of a workspace that has nothing in hand, anywhere.</summary>
    public bool OnlyOfIdleWorkspaces { get; init; }

    /// <summary>Also what somebody else held too long. Not after an absence of one's own: the others may only be coming back as well.</summary>
    public bool TakesOver { get; init; } = true;

    /// <summary>Also a file over which a process died. Of those a process has one at a time, so that they are not blamed for each other.</summary>
    public bool TakesSuspects { get; init; } = true;
}

/// <summary>Why a step did not succeed: one of the API's codes, and a sentence for whoever owns the file.</summary>
public sealed record Problem(string Code, string Message)
{
    // A vendor's message may be anything.
    private const int MostCharacters = 1000;

    public string Message { get; } = CleanText.Of(Message.Length <= MostCharacters ? Message : Message[..MostCharacters]);

    public const string ServerError = "server_error";
    public const string UnsupportedFile = "unsupported_file";
    public const string InvalidFile = "invalid_file";
}
