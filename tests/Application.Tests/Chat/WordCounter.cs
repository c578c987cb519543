using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Application.Tests.Chat;

/// <summary>A word is a token.</summary>
internal sealed class WordCounter : ITokenCounter
{
    public int Count(string model, string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    public string Decode(string model, IReadOnlyList<int> tokens) => string.Join(' ', tokens);
}
