using System.Globalization;

namespace AiPlatform.Application.Tests.Inference.OpenAi;

/// <summary>JSON that looks now more, now less like a chunk.</summary>
internal static class RandomJson
{
    private static readonly string[] Names =
    [
        "choices", "usage", "error", "index", "delta", "finish_reason", "logprobs", "content", "refusal", "reasoning", "reasoning_content", "tool_calls", "id", "function", "name",
        "arguments", "prompt_tokens", "completion_tokens", "prompt_tokens_details", "cached_tokens", "message", "code", "", "unknown", "\\u0063hoices", "\\ud83c",
    ];

    private static readonly string[] Texts = ["", "a", "Gr\\u00fc\\u00dfe", "🌏", "\\ud83c\\udf0f", "\\ud83c", "stop", "\\u0000", "rate_limit_exceeded"];
    private static readonly string[] Others = ["null", "true", "false", "0", "-1", "2147483648", "1e400", "7.5"];

    public static string Chunk(Random random) => random.Next(3) switch
    {
        0 => $$"""{"choices":[{"index":{{Value(random, 2)}},"delta":{{Value(random, 4)}},"finish_reason":{{Value(random, 1)}}},{{Value(random, 3)}}],"usage":{{Value(random, 3)}}}""",
        1 => Object(random, 6),
        _ => Value(random, 6),
    };

    public static void Damage(ref byte[] json, Random random)
    {
        if (json.Length == 0) return;
        if (random.Next(2) == 0) json = json[..random.Next(json.Length)];
        else json[random.Next(json.Length)] = (byte)random.Next(256);
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 5 : 2) switch
    {
        0 => Others[random.Next(Others.Length)],
        1 => $"\"{Texts[random.Next(Texts.Length)]}\"",
        2 => string.Create(CultureInfo.InvariantCulture, $"[{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth - 1)))}]"),
        _ => Object(random, depth),
    };

    private static string Object(Random random, int depth) =>
        "{" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{Names[random.Next(Names.Length)]}\":{Value(random, depth - 1)}")) + "}";
}
