namespace AiPlatform.Application.Chat;

/// <summary>Conversations and responses, under <c>Chat</c>.</summary>
public sealed class ChatOptions
{
    public const string Section = "Chat";

    /// <summary>How long a stored response is kept.</summary>
    public TimeSpan ResponseRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The model of responses that name none.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>The most responses this process runs at once; beyond it one in the background waits, and any other is a 503.</summary>
    public int MaxConcurrentRuns { get; set; } = 1000;

    /// <summary>The least time between two commits of stream events. Longer: fewer transactions, and words that come in larger steps.</summary>
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(20);
}
