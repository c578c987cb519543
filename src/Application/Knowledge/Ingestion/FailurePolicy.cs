using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>What becomes of a step that did not succeed.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Trying again cannot help, or has been tried often enough.</summary>
    public sealed record GiveUp(Problem Problem) : Verdict;

    public sealed record TryAgain(Problem Problem, TimeSpan Delay) : Verdict;

    /// <summary>It is not the file's doing: it waits until the database is back, and this was no attempt.</summary>
    public sealed record WaitForDatabase : Verdict;
}

/// <summary>A step cannot succeed however often it is tried. The message is for whoever owns the file.</summary>
public sealed class StepFailed(string message) : Exception(message);

/// <summary>Decides after each failure. Messages are for people: what we know to be fit for them is passed on, of anything else only where it happened.</summary>
public sealed class FailurePolicy(Random random)
{
    public const int MostAttempts = 5;
    public const int MostCrashes = 3;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    // A vendor may ask for more patience than ours, but not for any amount.
    private static readonly TimeSpan MostPatience = TimeSpan.FromMinutes(30);
    private const double Growth = 5;

    public static readonly Problem Crashed = new(
        Problem.ServerError, $"Processing this file ended the worker {MostCrashes} times, so it is not tried again. If the file is unusually large or complex, split or simplify it.");

    public Verdict Judge(Exception failure, ClaimedFile file) => Judge(failure, file.Attempts, file.EmbeddingModel, file.Step switch
    {
        IngestionStep.Extract => "The text of this file could not be read, because of an error of the server.",
        IngestionStep.Chunk => "The text of this file could not be cut into chunks, because of an error of the server.",
        IngestionStep.Embed => "The chunks of this file could not be embedded, because of an error of the server.",
        _ => "The chunks of this file could not be indexed, because of an error of the server.",
    });

    /// <summary><paramref name="unknown"/> is what to say of a failure that has nothing fit for people.</summary>
    public Verdict Judge(Exception failure, int attempts, string embeddingModel, string unknown)
    {
        if (DatabaseOutage.IsBehind(failure)) return new Verdict.WaitForDatabase();
        if (failure is DocumentRefused refused)
            return new Verdict.GiveUp(new Problem(refused.Refusal is Refusal.UnsupportedFile ? Problem.UnsupportedFile : Problem.InvalidFile, refused.Message));
        var problem = new Problem(Problem.ServerError, MessageOf(failure, embeddingModel, unknown));
        if (failure is StepFailed or UpstreamFailed { IsTransient: false } or PlatformException and not UpstreamFailed) return new Verdict.GiveUp(problem);
        if (attempts >= MostAttempts) return new Verdict.GiveUp(new Problem(problem.Code, $"{problem.Message} It was tried {attempts} times."));
        return new Verdict.TryAgain(problem, DelayAfter(attempts, (failure as UpstreamFailed)?.RetryAfter));
    }

    /// <summary>Up to a fifth is taken off, so that files that failed together do not come back together.</summary>
    internal TimeSpan DelayAfter(int attempts, TimeSpan? asked)
    {
        var delay = Shortest * Math.Pow(Growth, Math.Max(attempts - 1, 0));
        if (delay > Longest) delay = Longest;
        delay *= 1 - random.NextDouble() / 5;
        return asked is { } patience && patience > delay ? (patience < MostPatience ? patience : MostPatience) : delay;
    }

    private static string MessageOf(Exception failure, string embeddingModel, string unknown) => failure switch
    {
        StepFailed or ParserUnavailable => failure.Message,
        UpstreamFailed { Kind: UpstreamFailure.Credentials } => $"The embedding model '{embeddingModel}' refused the key this server uses for it; the operator has to set a valid one. {failure.Message}",
        UpstreamFailed { Kind: UpstreamFailure.ModelNotFound } => $"The embedding model '{embeddingModel}' is not there: its provider does not know it. {failure.Message}",
        PlatformException => $"The embedding model '{embeddingModel}' did not deliver. {failure.Message}",
        _ => unknown,
    };
}
