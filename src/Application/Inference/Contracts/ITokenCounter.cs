namespace AiPlatform.Application.Inference.Contracts;

/// <summary>Counts tokens as a model would. Exact for OpenAI's models; for others an estimate by the same tokeniser, a few per cent off.</summary>
public interface ITokenCounter
{
    int Count(string model, string text);

    /// <summary>The text of token ids, in the tokeniser of the model.</summary>
    string Decode(string model, IReadOnlyList<int> tokens);
}
