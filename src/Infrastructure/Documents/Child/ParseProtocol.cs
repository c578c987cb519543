using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>The first line to the child. The content follows, up to the end of the stream.</summary>
internal sealed record ParseOrder(string Filename, ParseLimits Limits, string OcrLanguages, string Scratch);

internal sealed record ParseLimits(int MaxCharacters, int MaxPages, int MaxOcrPages, int MaxMegapixels)
{
    public static ParseLimits Of(DocumentOptions options) => new(options.MaxCharacters, options.MaxPages, options.MaxOcrPages, options.MaxMegapixels);
}

/// <summary>A line from the child: one of these. A page with much text comes in several lines of the same number.</summary>
internal sealed record ParseLine
{
    public ExtractedPage? Page { get; init; }
    public ParseEnd? End { get; init; }
    public ParseRefusal? Refused { get; init; }

    /// <summary>What the operator has to do before such files can be read.</summary>
    public string? Unavailable { get; init; }
}

/// <summary>The document is whole.</summary>
internal sealed record ParseEnd(string Format, string? Title);

internal sealed record ParseRefusal(Refusal Refusal, string Message);

/// <summary>The server's end of it. Both ends are the same program, so the words need not be stable.</summary>
[JsonSerializable(typeof(ParseOrder))]
[JsonSerializable(typeof(ParseLine))]
internal sealed partial class ParseJson : JsonSerializerContext
{
    /// <summary>With letters as they are: escapes would make most scripts several times as long.</summary>
    public static readonly ParseJson Plain = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    });
}
