namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>The document on disk, in the scratch folder of its parser.</summary>
internal sealed class SourceFile
{
    private readonly byte[] _head;

    public SourceFile(string path, string filename)
    {
        (Path, Filename, Length) = (path, filename, new FileInfo(path).Length);
        using var content = Open();
        _head = new byte[(int)Math.Min(Length, MagicBytes.Length)];
        content.ReadExactly(_head);
    }

    public string Path { get; }
    public string Filename { get; }
    public long Length { get; }
    public ReadOnlySpan<byte> Head => _head;

    /// <summary>Where tools may write.</summary>
    public string Scratch => System.IO.Path.GetDirectoryName(Path)!;

    public FileStream Open() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
}
