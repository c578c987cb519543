using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Child;
using AiPlatform.Infrastructure.Documents.Formats;

namespace AiPlatform.Infrastructure.Documents.Parsing;

/// <summary>
/// What the program does as <c>parse</c>: it reads one document from its standard input, writes its text to its standard output, and ends. It knows no
/// settings and no secrets, and it trusts nothing.
/// </summary>
public static class ParseCommand
{
    public const string Name = "parse";
    private const int LongestOrder = 1 << 16;

    public static bool IsMeant(string[] args) => args is [Name, ..];

    /// <summary>The exit code. Refusals are answers, and so a success.</summary>
    public static int Run()
    {
        using var input = Console.OpenStandardInput();
        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        try
        {
            var (order, path) = Receive(input);
            var writer = new DocumentWriter(order.Limits, page => ParserSpeech.Say(output, page));
            var format = DocumentReader.Read(new SourceFile(path, order.Filename), order, writer);
            ParserSpeech.Say(output, new ParseEnd(Names.Id(format), writer.Title));
        }
        catch (DocumentRefused refused)
        {
            ParserSpeech.Say(output, new ParseRefusal(refused.Refusal, refused.Message));
        }
        catch (ParserUnavailable unavailable)
        {
            ParserSpeech.SayUnavailable(output, unavailable.Message);
        }

        output.Flush();
        return 0;
    }

    private static (ParseOrder Order, string Path) Receive(Stream input)
    {
        var buffer = new byte[LongestOrder];
        var length = 0;
        int end;
        while ((end = buffer.AsSpan(0, length).IndexOf((byte)'\n')) < 0)
        {
            var read = length < buffer.Length ? input.Read(buffer, length, buffer.Length - length) : 0;
            if (read == 0) throw new InvalidDataException("The order is not complete.");
            length += read;
        }

        var order = ParserSpeech.Order(buffer.AsMemory(0, end));
        var path = Path.Combine(order.Scratch, "document");
        using var file = File.Create(path);
        file.Write(buffer, end + 1, length - end - 1);
        input.CopyTo(file);
        return (order, path);
    }
}
