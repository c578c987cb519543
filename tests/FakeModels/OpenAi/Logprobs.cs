using System.Globalization;
using System.Text;

namespace AiPlatform.FakeModels.OpenAi;

internal static class Logprobs
{
    /// <summary>The logprobs object of a chunk that carries one token.</summary>
    public static string Json(Token token, int top) => $"{{\"content\":[{Entry(token, top)}],\"refusal\":null}}";

    public static string Entry(Token token, int top)
    {
        var alternatives = Enumerable.Range(0, top).Select(rank => $"{{{Core(rank == 0 ? token : new Token($" other{rank}"), rank)}}}");
        return $"{{{Core(token, 0)},\"top_logprobs\":[{string.Join(',', alternatives)}]}}";
    }

    private static string Core(Token token, int rank) =>
        $"\"token\":\"{Encoding.UTF8.GetString(token.Json)}\",\"logprob\":{(-0.125 - rank).ToString(CultureInfo.InvariantCulture)},"
        + $"\"bytes\":[{string.Join(',', Encoding.UTF8.GetBytes(token.Text))}]";
}
