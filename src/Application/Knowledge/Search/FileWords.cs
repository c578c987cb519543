using AiPlatform.Application.Knowledge.Chunking;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Segments;

namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Makes the terms of a file's chunks.</summary>
internal sealed class FileWords(DocumentWords words, string? title)
{
    private const int LongestTitle = 200;
    private const int ShortestLine = 80;

    public static async Task<FileWords> LearnAsync(TextAnalysis analysis, ExtractedText text, CancellationToken cancellationToken) => new(
        await analysis.LearnAsync([text.Title ?? "", text.Text], cancellationToken),
        text.Title is null && text.Blocks is [{ Block.Kind: not BlockKind.Heading }, ..] && text.Format == "txt" ? TitleOf(text.Text) : null);

    public static async Task<FileWords> LearnAsync(TextAnalysis analysis, IReadOnlyList<TextOfChunk> chunks, CancellationToken cancellationToken) => new(
        await analysis.LearnAsync(chunks.SelectMany(chunk => chunk.Headings.Append(chunk.Content)), cancellationToken),
        chunks is [{ Headings: [] } first, ..] ? TitleOf(first.Content) : null);

    public byte[] TermsOf(IReadOnlyList<string> headings, string content) =>
        ChunkTerms.Pack(words.Languages, words.Read(title is null ? headings : headings.Prepend(title), content));

    /// <summary>Plain text says its title too: a short first line before an empty one, or before a paragraph that is all one long line.</summary>
    public static string? TitleOf(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        if (end is < 1 or > LongestTitle) return null;
        var rest = text.AsSpan(end + 1);
        var length = rest.IndexOf('\n') is >= 0 and var next ? next : rest.Length;
        return length > Math.Max(ShortestLine, end * 3 / 2) || (length == 0 && rest.Trim().Length > end) ? text[..end] : null;
    }
}
