namespace AiPlatform.FakeModels;

internal enum PieceKind { Reasoning, Text, Refusal, ToolStart, ToolArguments }

/// <summary>One thing to send: a token, the start of a tool call (its name), or a piece of its arguments.</summary>
internal readonly record struct Piece(PieceKind Kind, Token Token, int Tool = 0);

internal enum Finish { Stop, StopSequence, Length, ToolCalls, Filter, Refusal }

/// <summary>Everything one choice of an answer consists of, in the order it is sent.</summary>
internal sealed record Answer(List<Piece> Pieces, Finish Finish, string? StopSequence)
{
    public string TextOf(PieceKind kind) => string.Concat(Pieces.Where(piece => piece.Kind == kind).Select(piece => piece.Token.Text));

    public int ReasoningTokens => Pieces.Count(piece => piece.Kind == PieceKind.Reasoning);

    /// <summary>The tool calls in order: name and the arguments put together.</summary>
    public IEnumerable<(int Index, string Name, string Arguments)> ToolCalls() =>
        Pieces.Where(piece => piece.Kind == PieceKind.ToolStart).Select(start => (start.Tool, start.Token.Text,
            string.Concat(Pieces.Where(piece => piece.Kind == PieceKind.ToolArguments && piece.Tool == start.Tool).Select(piece => piece.Token.Text))));

    public static Answer Of(Prompt prompt, Behaviour behaviour, int choice)
    {
        var directive = behaviour.Directive;
        var pieces = new List<Piece>();
        var finish = Finish.Stop;
        string? stopSequence = null;

        if (behaviour.Already.Length == 0) Add(pieces, PieceKind.Reasoning, FakeText.ReasoningTokens(directive));

        if (directive.Refusal is { } refusal)
        {
            Add(pieces, PieceKind.Refusal, FakeText.Split(refusal));
            finish = Finish.Refusal;
        }
        else if (directive.Obey && FakeObedience.CallIn(prompt) is { } commanded)
        {
            AddTool(pieces, 0, commanded.Tool, directive with { Args = commanded.Args });
            finish = Finish.ToolCalls;
        }
        else if ((directive.Tool ?? (behaviour.ToolResults is null ? prompt.ForcedTool : null)) is { } tool && !prompt.ToolsForbidden)
        {
            Add(pieces, PieceKind.Text, FakeText.Preamble(directive));
            for (var i = 0; i < directive.Tools; i++) AddTool(pieces, i, tool, directive);
            finish = Finish.ToolCalls;
        }
        else
        {
            var text = Stop(Remainder(Text(prompt, behaviour, choice), behaviour.Already), prompt.Stops, out stopSequence);
            Add(pieces, PieceKind.Text, text);
            if (stopSequence is not null) finish = Finish.StopSequence;
        }

        if (prompt.MaxTokens is { } limit && pieces.Count > limit)
        {
            pieces.RemoveRange(limit, pieces.Count - limit);
            (finish, stopSequence) = (Finish.Length, null);
        }

        if (directive.Length) finish = Finish.Length;
        if (directive.Filter) finish = Finish.Filter;
        return new Answer(pieces, finish, stopSequence);
    }

    private static List<Token> Text(Prompt prompt, Behaviour behaviour, int choice)
    {
        if (behaviour.Script?.Text is { } scripted) return FakeText.Split(scripted);
        if (behaviour.Directive.Cite is not FakeCite.None) return FakeCitations.Tokens(prompt, behaviour.Directive);
        if (behaviour.Directive.Obey) return FakeText.Split(FakeObedience.TextFor(prompt));
        if (prompt.JsonSchema is { } schema) return FakeText.Split(SchemaExample.Of(schema));
        if (prompt.JsonObject) return FakeText.Split("{\"answer\": \"as JSON\", \"choice\": " + choice + "}");
        if (behaviour.Directive.HasText) return FakeText.TokensFor(behaviour.Directive, choice);
        if (behaviour.ToolResults is { } results) return FakeText.Split($"The tool returned: {results}");
        return FakeText.TokensFor(behaviour.Source, choice);
    }

    /// <summary>What is left of the text when the caller shows the beginning of it, to the character.</summary>
    private static List<Token> Remainder(List<Token> tokens, string already)
    {
        if (already.Length == 0) return tokens;
        var skipped = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var text = tokens[i].Text;
            var overlap = Math.Min(text.Length, already.Length - skipped);
            if (string.CompareOrdinal(text, 0, already, skipped, overlap) != 0) return tokens;
            skipped += overlap;
            if (skipped < already.Length) continue;
            var rest = tokens.GetRange(i + 1, tokens.Count - i - 1);
            if (overlap < text.Length) rest.Insert(0, new Token(text[overlap..]));
            return rest;
        }

        return tokens;
    }

    private static List<Token> Stop(List<Token> tokens, IReadOnlyList<string> stops, out string? hit)
    {
        hit = null;
        if (stops.Count == 0) return tokens;
        var text = string.Concat(tokens.Select(token => token.Text));
        var end = -1;
        foreach (var stop in stops.Where(stop => stop.Length > 0))
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && (end < 0 || at < end)) (end, hit) = (at, stop);
        }

        return hit is null ? tokens : FakeText.Split(text[..end]);
    }

    private static void Add(List<Piece> pieces, PieceKind kind, List<Token> tokens)
    {
        pieces.EnsureCapacity(pieces.Count + tokens.Count);
        foreach (var token in tokens) pieces.Add(new Piece(kind, token));
    }

    private static void AddTool(List<Piece> pieces, int index, string name, FakeDirective directive)
    {
        pieces.Add(new Piece(PieceKind.ToolStart, new Token(name), index));
        var (args, fragments) = (directive.Args, Math.Min(directive.ToolFragments, Math.Max(1, directive.Args.Length)));
        var start = 0;
        for (var i = 1; i <= fragments; i++)
        {
            var end = args.Length * i / fragments;
            if (end < args.Length && end > 0 && char.IsHighSurrogate(args[end - 1])) end++;
            if (end > start) pieces.Add(new Piece(PieceKind.ToolArguments, new Token(args[start..end]), index));
            start = Math.Max(start, end);
        }
    }
}
