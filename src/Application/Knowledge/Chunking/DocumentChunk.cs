namespace AiPlatform.Application.Knowledge.Chunking;

/// <summary>
/// A piece of a file's text that is found and quoted as one: where it stands (pages, and positions in the file's text), and under which headings, the
/// highest first.
/// </summary>
public sealed record DocumentChunk(int Ordinal, string Content, int FirstPage, int LastPage, int Start, int End, IReadOnlyList<string> Headings, int Tokens)
{
    /// <summary>Page and position, one after the other, of each page that begins within it.</summary>
    public IReadOnlyList<int> PageStarts { get; init; } = [];

    /// <summary>The white space between the chunk before and this one; nothing where it repeats the end of that. Null where it is too much to keep.</summary>
    public string? SpaceBefore { get; init; } = "";

    /// <summary>Its words as the index of words knows them, with their order.</summary>
    public byte[]? Terms { get; init; }

    /// <summary>What its vector is made of: the chunk does not say what its headings say.</summary>
    public string EmbeddedText => TextToEmbed(Headings, Content);

    public static string TextToEmbed(IReadOnlyList<string> headings, string content) => headings.Count == 0 ? content : string.Join(" > ", headings) + "\n" + content;
}
