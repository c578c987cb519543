using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>Gathers token counts over a stream. The vendor's are cumulative, so the last of each counts.</summary>
internal sealed class UsageReader
{
    private int? _input, _output, _cacheRead, _cacheWrite, _thinking;

    /// <summary>Null if the vendor said nothing. The vendor counts cached input apart from input; we count all of it as input.</summary>
    public TokenUsage? Total => _input is null && _output is null
        ? null
        : new TokenUsage((_input ?? 0) + (_cacheRead ?? 0) + (_cacheWrite ?? 0), _output ?? 0, _cacheRead ?? 0, _cacheWrite ?? 0, _thinking ?? 0);

    public void Read(JsonElement parent)
    {
        if (parent.Object("usage") is not { } usage) return;
        _input = usage.Number("input_tokens") ?? _input;
        _output = usage.Number("output_tokens") ?? _output;
        _cacheRead = usage.Number("cache_read_input_tokens") ?? _cacheRead;
        _cacheWrite = usage.Number("cache_creation_input_tokens") ?? _cacheWrite;
        _thinking = usage.Object("output_tokens_details")?.Number("thinking_tokens") ?? _thinking;
    }
}
