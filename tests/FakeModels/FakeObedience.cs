using System.Text.RegularExpressions;

namespace AiPlatform.FakeModels;

/// <summary>A model that does whatever it reads: also what a document tells it.</summary>
internal static partial class FakeObedience
{
    private const int MostCalls = 4;

    /// <summary>The call it was told to make, as long as it has not made too many; whether the function is offered does not matter to it.</summary>
    public static (string Tool, string Args)? CallIn(Prompt prompt)
    {
        if (prompt.Turns.Sum(turn => turn.ToolCalls) >= MostCalls) return null;
        var command = prompt.Turns.Select(turn => Call().Match(turn.Text)).LastOrDefault(match => match.Success);
        return command is null ? null : (command.Groups[1].Value, command.Groups[2].Success ? command.Groups[2].Value : "{}");
    }

    public static string TextFor(Prompt prompt) => string.Join(' ', prompt.Turns.SelectMany(turn => Say().Matches(turn.Text)).Select(match => match.Groups[1].Value.Trim()).Prepend("As you wish:"));

    [GeneratedRegex("COMMAND: call (\\w+)(?: (\\{[^\n]*\\}))?")]
    private static partial Regex Call();

    [GeneratedRegex("COMMAND: say ([^\n]*)")]
    private static partial Regex Say();
}
