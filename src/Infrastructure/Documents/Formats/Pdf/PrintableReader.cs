namespace AiPlatform.Infrastructure.Documents.Formats.Pdf;

/// <summary>Poppler writes whatever characters a font claims to have, also those that XML has not.</summary>
internal sealed class PrintableReader(TextReader inner) : TextReader
{
    public override int Peek() => Printable(inner.Peek());

    public override int Read() => Printable(inner.Read());

    public override int Read(char[] buffer, int index, int count)
    {
        var read = inner.Read(buffer, index, count);
        foreach (ref var c in buffer.AsSpan(index, Math.Max(read, 0))) c = (char)Printable(c);
        return read;
    }

    private static int Printable(int c) => c is >= 0 and < ' ' and not ('\n' or '\t' or '\r') or 0xFFFE or 0xFFFF ? ' ' : c;
}
