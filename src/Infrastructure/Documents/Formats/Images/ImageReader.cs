using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Images;

/// <summary>Pictures of text. How large one unpacks is known from its first bytes, before anything unpacks it.</summary>
internal static class ImageReader
{
    public static void Read(SourceFile file, DocumentFormat format, ParseOrder order, DocumentWriter to)
    {
        var sizes = format is DocumentFormat.Tiff ? TiffSizes.Of(file, to.Limits.MaxOcrPages) : ImageSize.Of(file, format) is { } one ? [one] : [];
        if (sizes.Count == 0) throw Refuse.Damaged("picture");
        if (sizes.Count > to.Limits.MaxOcrPages) throw Refuse.TooManyPages(to.Limits.MaxOcrPages);
        foreach (var (width, height) in sizes)
        {
            if (width <= 0 || height <= 0) throw Refuse.Damaged("picture");
            if (width * height > to.Limits.MaxMegapixels * 1_000_000L)
                throw Refuse.TooLarge("picture", FormattableString.Invariant($"has {width:N0} by {height:N0} pixels"));
        }

        to.NextPage();
        new TextRecognition(order).Write(file.Path, to);
    }
}
