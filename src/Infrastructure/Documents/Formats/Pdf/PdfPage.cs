namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>A page as poppler lays it out: blocks of lines in reading order, column after column. Sizes are in points, from the top left.</summary>
internal sealed record PdfPage(int Number, double Width, double Height)
{
    public List<PdfBlock> Blocks { get; } = [];

    public IEnumerable<PdfLine> Lines => Blocks.SelectMany(block => block.Lines);

    /// <summary>Most lines are written upwards or downwards, as if it lay on its side.</summary>
    public bool Upright => Lines.Count(line => line.Upright) * 2 > Lines.Count();

    public int Letters => Lines.Sum(line => line.Text.Count(char.IsLetterOrDigit));
}

internal sealed class PdfBlock
{
    public List<PdfLine> Lines { get; } = [];
}

/// <summary>A line, or one of its pieces where there are wide gaps in it. Its height is that of its font, whatever letters there are in it.</summary>
internal sealed class PdfLine(string text, double left, double top, double right, double height)
{
    private const double HeightOfSize = 1.17;

    public string Text { get; } = text;
    public double Left { get; } = left;
    public double Top { get; } = top;
    public double Right { get; } = right;
    public double Height { get; } = height;

    public double Bottom => Top + Height;
    public double Middle => Top + Height / 2;

    /// <summary>Poppler reads it as going on from the piece before, in spite of the gap.</summary>
    public bool Continues { get; init; }

    /// <summary>Written upwards or downwards. Its place is that on the page turned round.</summary>
    public bool Upright { get; init; }

    /// <summary>Of its letters. The height tells it only roughly: it differs from font to font of one size.</summary>
    public double Size { get; set; } = height / HeightOfSize;

    public bool Bold { get; set; }

    /// <summary>One line with what follows in it.</summary>
    public PdfLine With(PdfLine next) =>
        new($"{Text} {next.Text}", Left, Math.Min(Top, next.Top), next.Right, Math.Max(Height, next.Height)) { Continues = Continues, Size = Size, Bold = Bold && next.Bold };
}
