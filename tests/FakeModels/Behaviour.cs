namespace AiPlatform.FakeModels;

/// <summary>What one request gets: the directive that applies, the text it is about, and what of it the caller already has.</summary>
internal sealed record Behaviour(FakeDirective Directive, string Source, string Already, FakeScript? Script, string? ToolResults)
{
    /// <summary>Finds the behaviour: a queued script, else a directive in the messages, else the server's standing one, else an echo.</summary>
    public static Behaviour For(Prompt prompt, FakeScript? script, FakeDirective? standing)
    {
        var turns = prompt.Turns;
        var source = SourceOf(turns);
        var message = source < 0 ? "" : turns[source].Text;
        var own = FakeDirective.Find(message);
        if (own?.ForModel is { } model && model != prompt.Model) own = own.Behaving();
        var directive = script?.Directive ?? own ?? standing ?? new FakeDirective();

        var after = turns.Skip(source + 1).ToList();
        var rounds = after.Count(turn => turn is { Speaker: Speaker.Assistant, ToolCalls: > 0 });
        var results = rounds > 0 ? string.Join("; ", after.Where(turn => turn.Speaker == Speaker.Tool).Select(turn => turn.Text)) : null;
        // One call it may make up; who goes on calling has something to call.
        if (rounds >= directive.Rounds || (directive.Rounds > 1 && !prompt.OffersTools)) directive = directive with { Tool = null };
        var already = results is null && !directive.NoPrefill
            ? string.Concat(after.Where(turn => turn.Speaker == Speaker.Assistant).Select(turn => turn.Text))
            : "";
        return new Behaviour(directive, message, already, script, results);
    }

    /// <summary>The user message being answered: the last one, unless it only asks to go on with the unfinished answer to an earlier directive.</summary>
    private static int SourceOf(IReadOnlyList<Turn> turns)
    {
        var last = LastUser(turns, turns.Count, _ => true);
        if (last < 0 || FakeDirective.Find(turns[last].Text) is not null) return last;
        var earlier = LastUser(turns, last, text => FakeDirective.Find(text) is not null);
        if (earlier < 0) return last;
        // What it cites depends on all it was given: it starts anew.
        if (FakeDirective.Find(turns[earlier].Text) is { Cite: not FakeCite.None }) return earlier;
        var said = string.Concat(turns.Skip(earlier + 1).Where(turn => turn.Speaker == Speaker.Assistant).Select(turn => turn.Text));
        var full = FakeText.For(turns[earlier].Text);
        return said.Length > 0 && said.Length < full.Length && full.StartsWith(said, StringComparison.Ordinal) ? earlier : last;
    }

    private static int LastUser(IReadOnlyList<Turn> turns, int before, Func<string, bool> match)
    {
        for (var i = before - 1; i >= 0; i--)
        {
            if (turns[i].Speaker == Speaker.User && match(turns[i].Text)) return i;
        }

        return -1;
    }
}
