using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace AiPlatform.Application.Common;

/// <summary>
/// JSON that is kept as it came is checked as it comes: bytes that are no UTF-8 and escaped halves of characters would pass the parser, and fail wherever
/// the text is read first.
/// </summary>
public sealed class StrictJsonElement : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        var json = JsonMarshal.GetRawUtf8Value(element);
        return Utf8.IsValid(json) && EscapesArePaired(json) ? element : throw new JsonException("The text is no valid Unicode.");
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) => value.WriteTo(writer);

    private static bool EscapesArePaired(ReadOnlySpan<byte> json)
    {
        var expectsLow = false;
        while (true)
        {
            var next = json.IndexOf((byte)'\\');
            if (expectsLow && next != 0) return false;
            if (next < 0) return true;
            var unit = UnitAt(json[next..]);
            var isLow = unit is >= 0xDC00 and <= 0xDFFF;
            if (isLow != expectsLow) return false;
            expectsLow = unit is >= 0xD800 and <= 0xDBFF;
            json = json[(next + (unit < 0 ? 2 : 6))..];
        }
    }

    // The parser has seen to it that an escape is whole.
    private static int UnitAt(ReadOnlySpan<byte> escape) =>
        escape[1] == 'u' ? int.Parse(escape.Slice(2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture) : -1;
}
