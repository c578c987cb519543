using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace AiPlatform.Integration.Tests.Documents.Making;

/// <summary>Pictures of text, as a scanner makes them: a page is printed by poppler, which has the fonts.</summary>
internal static class Pictures
{
    public const string Sentence = "The harbour office opens at nine";

    private static readonly Lazy<byte[]> Printed = new(() => Print("-gray", "pgm"));

    public static byte[] Png() => Print("-png", "png");

    public static byte[] Jpeg() => Print("-jpeg", "jpg");

    public static byte[] Tiff() => Print("-tiff", "tif");

    /// <summary>Width, height and a byte a pixel.</summary>
    public static (int Width, int Height, byte[] Pixels) Grey()
    {
        var file = Printed.Value;
        var header = Encoding.ASCII.GetString(file, 0, 40).Split('\n', ' ');
        var (width, height) = (int.Parse(header[1], CultureInfo.InvariantCulture), int.Parse(header[2], CultureInfo.InvariantCulture));
        return (width, height, file[^(width * height)..]);
    }

    public static byte[] Bmp()
    {
        var (width, height, pixels) = Grey();
        var stride = (width * 3 + 3) & ~3;
        var file = new byte[54 + stride * height];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        file[10] = 54;
        file[14] = 40;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        (file[26], file[28]) = (1, 24);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) file.AsSpan(54 + (height - 1 - y) * stride + x * 3, 3).Fill(pixels[y * width + x]);
        return file;
    }

    /// <summary>A picture whose header claims a size that its bytes do not have.</summary>
    public static byte[] PngFlood()
    {
        var file = Png();
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 60_000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 60_000);
        return file;
    }

    /// <summary>A chain of pages that runs in a circle.</summary>
    public static byte[] TiffCircle()
    {
        byte[] file = [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, 0, 1, 4, 0, 1, 0, 0, 0, 100, 0, 0, 0, 1, 1, 4, 0, 1, 0, 0, 0, 100, 0, 0, 0, 8, 0, 0, 0];
        return file;
    }

    private static byte[] Print(string kind, string ending)
    {
        var page = new PdfMaker().Page((72, 700, 20, Sentence), (72, 660, 20, "and closes at seventeen o'clock.")).Write();
        var folder = Directory.CreateTempSubdirectory("aiplatform-test-");
        try
        {
            var (source, target) = (Path.Combine(folder.FullName, "page.pdf"), Path.Combine(folder.FullName, "page"));
            File.WriteAllBytes(source, page);
            Programs.Run("pdftoppm", [kind, "-r", "100", "-singlefile", source, target]);
            return File.ReadAllBytes($"{target}.{ending}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
