using System.Text;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Chat;

/// <summary>An ordered list of items that responses read from and add to.</summary>
public sealed class Conversation : IBelongToWorkspace
{
    public const int TitleMaxLength = 200;
    private const int DerivedTitleLength = 60;

    private Conversation()
    {
    }

    public ConversationId Id { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public UserId UserId { get; private set; }

    /// <summary>What a list shows; null until the conversation says something.</summary>
    public string? Title { get; private set; }

    public Dictionary<string, string> Metadata { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public static Conversation Create(WorkspaceId workspace, UserId user, Dictionary<string, string>? metadata, DateTimeOffset now) => new()
    {
        Id = Ids.New<ConversationId>(now),
        WorkspaceId = workspace,
        UserId = user,
        Metadata = metadata ?? [],
        CreatedAt = now,
        UpdatedAt = now,
    };

    public void ReplaceMetadata(Dictionary<string, string> metadata) => Metadata = metadata;

    public void Rename(string title) => Title = title;

    /// <summary>Notes that something was said; the first thing said names a conversation that has no name.</summary>
    public void Touch(string? said, DateTimeOffset now)
    {
        UpdatedAt = now;
        if (Title is not null || string.IsNullOrWhiteSpace(said)) return;
        var line = FirstLine(said);
        if (line.Length > 0) Title = line.Length <= DerivedTitleLength ? line : Shorten(line);
    }

    /// <summary>The beginning, on one line. What was said may be megabytes, and may hold what nobody sees and PostgreSQL's text does not take (NUL).</summary>
    private static string FirstLine(string said)
    {
        var line = new StringBuilder();
        foreach (var c in said)
        {
            // One more than is shown, and a space before it: enough to see where to cut.
            if (line.Length > DerivedTitleLength + 1) break;
            if (!char.IsWhiteSpace(c) && !char.IsControl(c)) line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }

        return line.ToString().TrimEnd();
    }

    private static string Shorten(string line)
    {
        var end = line.LastIndexOf(' ', DerivedTitleLength);
        if (end < DerivedTitleLength / 2) end = char.IsHighSurrogate(line[DerivedTitleLength - 1]) ? DerivedTitleLength - 1 : DerivedTitleLength;
        return string.Concat(line.AsSpan(0, end), "…");
    }
}
