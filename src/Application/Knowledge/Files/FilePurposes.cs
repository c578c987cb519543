using FluentValidation;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>When a file expires: so many seconds after it was made.</summary>
public sealed record FileExpiry(string? Anchor, long? Seconds);

/// <summary>What files are for, and how long they are kept.</summary>
internal static class FilePurposes
{
    public const string Assistants = "assistants";
    public const string Vision = "vision";

    /// <summary>Those that clients can upload for.</summary>
    public static readonly string[] All = [Assistants, Batch, FineTune, Vision, "user_data", Evals];

    private const string Batch = "batch";
    private const string FineTune = "fine-tune";
    private const string Evals = "evals";

    /// <summary>The API's own, where the request names none.</summary>
    private static readonly TimeSpan BatchLifetime = TimeSpan.FromDays(30);

    public static bool IsJsonLines(string purpose) => purpose is Batch or FineTune or Evals;

    public static TimeSpan? LifetimeOf(string purpose, FileExpiry? expiry) =>
        expiry is { Seconds: { } seconds } ? TimeSpan.FromSeconds(seconds) : purpose is Batch ? BatchLifetime : null;

    public static IRuleBuilderOptions<T, string?> IsPurpose<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(purpose => All.Contains(purpose)).WithMessage($"say what the file is for: {string.Join(", ", All)}. Most files are 'user_data'.");
}

internal sealed class FileExpiryRules : AbstractValidator<FileExpiry>
{
    private const long Least = 3600;
    private const long Most = 30 * 24 * 3600;

    public FileExpiryRules()
    {
        RuleFor(expiry => expiry.Anchor).Must(anchor => anchor is "created_at").WithMessage("it must be 'created_at'.");
        RuleFor(expiry => expiry.Seconds).Must(seconds => seconds is >= Least and <= Most).WithMessage($"it must be a whole number from {Least} (an hour) to {Most} (30 days).");
    }
}
