namespace AiPlatform.Application.Knowledge.Chunking;

/// <summary>
/// A piece of a file's text that is found and quoted as one: where it stands (pages, and positions in the file's text), and under which headings, the
/// highest first.
/// </summary>
public sealed record DocumentChunk(int Ordinal, string Content, int FirstPage, int LastPage, int Start, int End, IReadOnlyList<string> Headings, int Tokens)
{
    /// <summary>What its vector is made of: the chunk does not say what its headings say.</summary>
    public string EmbeddedText => Headings.Count == 0 ? Content : string.Join(" > ", Headings) + "\n" + Content;
}
