using System.IO.Compression;
using System.Text;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Office;

/// <summary>
/// A zip archive whose entries are only ever read, never written anywhere: their names lead nowhere. What they unpack to is counted while they are read,
/// because the sizes that an archive declares may be lies.
/// </summary>
internal sealed class ZipContent : IDisposable
{
    private const int MostEntries = 20_000;
    private const long MostBytes = 2L << 30;

    /// <summary>Text packs ten to one, empty tables some fifty to one; what packs better was made to.</summary>
    private const int MostRatio = 120;
    private const long RatioFrom = 24 << 20;

    private readonly ZipArchive _zip;
    private readonly string _what;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private long _unpacked;

    public ZipContent(string path, string what)
    {
        _what = what;
        _zip = ZipFile.OpenRead(path);
        try
        {
            if (_zip.Entries.Count > MostEntries) throw Refuse.TooLarge(what, $"holds {_zip.Entries.Count} parts");
            foreach (var entry in _zip.Entries) _entries.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry);
        }
        catch
        {
            _zip.Dispose();
            throw;
        }
    }

    public IEnumerable<string> Names => _entries.Keys;

    public ZipArchiveEntry? Find(string name) => _entries.GetValueOrDefault(name.TrimStart('/'));

    public Stream Open(ZipArchiveEntry entry)
    {
        // Bit 0 of the flags: encrypted.
        if (entry.IsEncrypted) throw Refuse.Protected(_what);
        Require(entry.Length, entry);
        return new CountedStream(entry.Open(), entry, this);
    }

    public string ReadText(ZipArchiveEntry entry, int most)
    {
        using var reader = new StreamReader(Open(entry), Encoding.UTF8);
        var text = new char[most];
        return new string(text, 0, reader.ReadBlock(text));
    }

    /// <summary>Reads all of it, for a reader that counts nothing itself.</summary>
    public void Measure(long mostBytes)
    {
        var buffer = new byte[1 << 16];
        foreach (var entry in _entries.Values)
        {
            using var content = Open(entry);
            while (content.Read(buffer) > 0)
                if (_unpacked > mostBytes) throw Refuse.Bomb(_what);
        }
    }

    public void Dispose() => _zip.Dispose();

    private void Count(int bytes, long ofEntry, ZipArchiveEntry entry)
    {
        _unpacked += bytes;
        if (_unpacked > MostBytes) throw Refuse.Bomb(_what);
        Require(ofEntry, entry);
    }

    private void Require(long unpacked, ZipArchiveEntry entry)
    {
        if (unpacked > RatioFrom && unpacked / MostRatio > entry.CompressedLength) throw Refuse.Bomb(_what);
    }

    private sealed class CountedStream(Stream inner, ZipArchiveEntry entry, ZipContent zip) : Stream
    {
        private long _read;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => _read; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var bytes = inner.Read(buffer);
            _read += bytes;
            zip.Count(bytes, _read, entry);
            return bytes;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
