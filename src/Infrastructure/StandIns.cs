using System.Security.Cryptography;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Application.Knowledge.Files;

namespace AiPlatform.Infrastructure;

/// <summary>To be deleted with the merge of the real one: files in a folder of the system's.</summary>
internal sealed class StandInStorage : IFileStorage
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "aiplatform-stand-in");

    public async Task<StoredContent> WriteAsync(string key, Stream content, long mostBytes, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, key))!);
        await using (var file = File.Create(Path.Combine(Folder, key))) await content.CopyToAsync(file, cancellationToken);
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Folder, key), cancellationToken);
        return new StoredContent(bytes.Length, SHA256.HashData(bytes));
    }

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(File.Exists(Path.Combine(Folder, key)) ? File.OpenRead(Path.Combine(Folder, key)) : null);

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(Folder, key));
        return Task.CompletedTask;
    }
}

/// <summary>To be deleted with the merge of the real one: paragraphs of plain text, and headings that begin with #.</summary>
internal sealed class StandInParser : IDocumentParser
{
    public int Version => 0;

    public async Task<ExtractedText> ParseAsync(Stream content, string filename, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(content);
        var text = await reader.ReadToEndAsync(cancellationToken);
        if (text.Contains("[[refuse]]", StringComparison.Ordinal)) throw new DocumentRefused(Refusal.InvalidFile, "This file is refused.");
        if (text.Contains("[[kill]]", StringComparison.Ordinal)) Environment.FailFast("A file that kills.");
        var blocks = text.Split("\n\n").Select(block =>
            block.StartsWith('#') ? new ExtractedBlock(BlockKind.Heading, block.TrimStart('#', ' '), block.Length - block.TrimStart('#').Length) : new ExtractedBlock(BlockKind.Paragraph, block));
        return new ExtractedText("txt", null, [new ExtractedPage(1, [.. blocks])]);
    }
}
