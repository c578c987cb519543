namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>A page as poppler lays it out: blocks of lines in reading order, column after column. Sizes are in points.</summary>
internal sealed record PdfPage(int Number, double Width, double Height)
{
    public List<PdfBlock> Blocks { get; } = [];

    public int Letters => Blocks.Sum(block => block.Lines.Sum(line => line.Text.Count(char.IsLetterOrDigit)));
}

internal sealed record PdfBlock
{
    public List<PdfLine> Lines { get; } = [];
}

/// <summary>Its height is that of its font, whatever letters there are in it.</summary>
internal readonly record struct PdfLine(string Text, double Left, double Top, double Right, double Height);
