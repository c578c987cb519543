using System.IO.Compression;
using System.Text;

namespace AiPlatform.Integration.Tests.Documents.Making;

internal static class ZipMaker
{
    public static byte[] Of(params (string Name, string Content)[] entries) => Of(entries.Select(entry => (entry.Name, Encoding.UTF8.GetBytes(entry.Content))));

    public static byte[] Of(IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries) Add(zip, name, stream => stream.Write(content));
        return file.ToArray();
    }

    /// <summary>A part of so many megabytes that all look the same, and packs a thousand to one.</summary>
    public static byte[] Bomb(string part, string begin, string repeated, int megabytes, params (string Name, string Content)[] others)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in others) Add(zip, name, stream => stream.Write(Encoding.UTF8.GetBytes(content)));
            Add(zip, part, stream =>
            {
                var piece = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, (1 << 20) / repeated.Length)));
                stream.Write(Encoding.UTF8.GetBytes(begin));
                for (var i = 0; i < megabytes; i++) stream.Write(piece);
            });
        }

        return file.ToArray();
    }

    private static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        using var stream = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
        write(stream);
    }
}
