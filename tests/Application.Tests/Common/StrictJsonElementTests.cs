using System.Text;
using System.Text.Json;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Tests.Common;

public sealed class StrictJsonElementTests
{
    private static readonly JsonSerializerOptions Strict = new() { Converters = { new StrictJsonElement() } };

    [Theory]
    [InlineData("null")]
    [InlineData("[1,true,{}]")]
    [InlineData("\"Grüße 🌏 \\ud83c\\udf0f \\\\ud83c \\\" \\u0000\"")]
    [InlineData("{\"\\ud83c\\udf0f\":[\"\\ud83c\\udf0f\\ud83c\\udf0f\"]}")]
    public void What_can_be_read_later_passes(string json) => JsonElement.DeepEquals(Read(Encoding.UTF8.GetBytes(json)), JsonElement.Parse(json)).ShouldBeTrue();

    [Theory]
    [InlineData("\"\\ud83c\"")]
    [InlineData("\"\\udf0f\"")]
    [InlineData("\"\\udf0f\\ud83c\"")]
    [InlineData("\"\\ud83c \\udf0f\"")]
    [InlineData("\"\\ud83c\\n\"")]
    [InlineData("\"\\ud83c\\ud83c\\udf0f\"")]
    [InlineData("{\"\\ud83c\":1}")]
    [InlineData("[\"\\ud83c\",\"\\udf0f\"]")]
    public void Half_a_character_does_not(string json) => Should.Throw<JsonException>(() => Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bytes_that_are_no_text_do_not() => Should.Throw<JsonException>(() => Read([(byte)'"', 0xff, (byte)'"']));

    [Fact]
    public void It_lets_through_exactly_the_strings_that_can_be_read()
    {
        var random = new Random(20260102);
        string[] pieces = ["a", "\\\\", "\\\"", "\\n", "\\ud83c", "\\uDF0F", "\\u0041", "🌏", "u", " "];
        for (var i = 0; i < 5000; i++)
        {
            var json = Encoding.UTF8.GetBytes($"\"{string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]))}\"");
            Passes(json).ShouldBe(IsReadable(json), Encoding.UTF8.GetString(json));
        }
    }

    private static JsonElement Read(byte[] json) => JsonSerializer.Deserialize<JsonElement>(json, Strict);

    private static bool Passes(byte[] json)
    {
        try
        {
            Read(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsReadable(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
