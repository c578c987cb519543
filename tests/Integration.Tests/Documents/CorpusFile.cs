using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Integration.Tests.Documents;

/// <summary>A file, made when it is needed, and what is to become of it.</summary>
internal sealed record CorpusFile(string Name, Func<byte[]> Make, Action<ParseOutcome> Expect)
{
    /// <summary>What the file is called when it is uploaded; several cases may share it.</summary>
    public string Filename => Name[(Name.IndexOf('/') + 1)..];

    public override string ToString() => Name;

    public static CorpusFile Reads(string name, Func<byte[]> make, string format, params string[] pieces) => new(name, make, outcome =>
    {
        var text = outcome.Text.ShouldNotBeNull(outcome.Failure?.Message);
        text.Format.ShouldBe(format);
        foreach (var piece in pieces) text.Text.ShouldContain(piece, Case.Sensitive);
        RequireClean(text);
    });

    /// <summary>With a further look at the text.</summary>
    public static CorpusFile Reads(string name, Func<byte[]> make, string format, Action<ExtractedText> look) => new(name, make, outcome =>
    {
        var text = outcome.Text.ShouldNotBeNull(outcome.Failure?.Message);
        text.Format.ShouldBe(format);
        look(text);
        RequireClean(text);
    });

    public static CorpusFile Refuses(string name, Func<byte[]> make, Refusal refusal, string piece) => new(name, make, outcome =>
    {
        var refused = outcome.Failure.ShouldBeOfType<DocumentRefused>(outcome.Failure?.ToString() ?? outcome.Text?.Text[..Math.Min(outcome.Text.Text.Length, 200)]);
        refused.Refusal.ShouldBe(refusal);
        refused.Message.ShouldContain(piece);
        refused.Message.ShouldEndWith(".");
    });

    private static void RequireClean(ExtractedText text)
    {
        text.Pages.Select(page => page.Number).ShouldBeInOrder();
        foreach (var c in text.Text) (c is '\n' or '\t' || c >= ' ' && c is not ('\u007F' or '\uFFFE' or '\uFFFF')).ShouldBeTrue($"control character {(int)c:X}");
        foreach (var placed in text.Blocks.Take(50)) text.Text.Substring(placed.Start, placed.Block.Text.Length).ShouldBe(placed.Block.Text);
    }
}

internal sealed record ParseOutcome(ExtractedText? Text, Exception? Failure);
