using System.Text.Encodings.Web;
using System.Text.Json;
using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>
/// The parser's end of the protocol, word by word. A serializer would take a parser longer to compile than most files take to be read, and each parser compiles
/// for itself.
/// </summary>
internal static class ParserSpeech
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ParseOrder Order(ReadOnlyMemory<byte> line)
    {
        using var json = JsonDocument.Parse(line);
        var (order, limits) = (json.RootElement, json.RootElement.GetProperty(nameof(ParseOrder.Limits)));
        return new ParseOrder(
            order.GetProperty(nameof(ParseOrder.Filename)).GetString()!,
            new ParseLimits(
                Number(limits, nameof(ParseLimits.MaxCharacters)), Number(limits, nameof(ParseLimits.MaxPages)),
                Number(limits, nameof(ParseLimits.MaxOcrPages)), Number(limits, nameof(ParseLimits.MaxMegapixels))),
            order.GetProperty(nameof(ParseOrder.OcrLanguages)).GetString()!,
            order.GetProperty(nameof(ParseOrder.Scratch)).GetString()!);
    }

    public static void Say(Stream output, ExtractedPage page) => Say(output, nameof(ParseLine.Page), json =>
    {
        json.WriteNumber(nameof(ExtractedPage.Number), page.Number);
        if (page.Label is not null) json.WriteString(nameof(ExtractedPage.Label), page.Label);
        json.WriteStartArray(nameof(ExtractedPage.Blocks));
        foreach (var block in page.Blocks)
        {
            json.WriteStartObject();
            json.WriteNumber(nameof(ExtractedBlock.Kind), (int)block.Kind);
            json.WriteString(nameof(ExtractedBlock.Text), block.Text);
            if (block.Level != 0) json.WriteNumber(nameof(ExtractedBlock.Level), block.Level);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static void Say(Stream output, ParseEnd end) => Say(output, nameof(ParseLine.End), json =>
    {
        json.WriteString(nameof(ParseEnd.Format), end.Format);
        if (end.Title is not null) json.WriteString(nameof(ParseEnd.Title), end.Title);
    });

    public static void Say(Stream output, ParseRefusal refused) => Say(output, nameof(ParseLine.Refused), json =>
    {
        json.WriteNumber(nameof(ParseRefusal.Refusal), (int)refused.Refusal);
        json.WriteString(nameof(ParseRefusal.Message), refused.Message);
    });

    public static void SayUnavailable(Stream output, string message)
    {
        using (var json = new Utf8JsonWriter(output, Plain))
        {
            json.WriteStartObject();
            json.WriteString(nameof(ParseLine.Unavailable), message);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void Say(Stream output, string kind, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(output, Plain))
        {
            json.WriteStartObject();
            json.WriteStartObject(kind);
            write(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
