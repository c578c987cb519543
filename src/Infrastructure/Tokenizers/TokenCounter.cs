using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.Tokenizers;

/// <summary>Finds the encoding of a model. The tables are read when a model first needs them and shared from then on.</summary>
internal sealed class TokenCounter : ITokenCounter
{
    private static readonly string[] Cl100kPrefixes = ["gpt-4-", "gpt-4:", "gpt-3.5", "gpt-35"];

    private static readonly Lazy<BpeTokenizer> O200kTables = new(() => new BpeTokenizer("o200k_base", PieceSplitter.O200k));
    private static readonly Lazy<BpeTokenizer> Cl100kTables = new(() => new BpeTokenizer("cl100k_base", PieceSplitter.Cl100k));

    internal static BpeTokenizer O200k => O200kTables.Value;

    public int Count(string model, string text) => For(model).Count(text);

    public string Decode(string model, IReadOnlyList<int> tokens) => For(model).Decode(tokens);

    internal static BpeTokenizer For(string model)
    {
        // Vendors prefix a model's name with whose it is (openai/gpt-4), fine-tunes with "ft:".
        var name = model[(model.LastIndexOf('/') + 1)..];
        if (name.StartsWith("ft:", StringComparison.OrdinalIgnoreCase)) name = name[3..];
        return IsCl100k(name) ? Cl100kTables.Value : O200k;
    }

    // Clients that send token ids for an embedding model they do not know encode them with cl100k_base, as tiktoken's readers do.
    private static bool IsCl100k(string name) =>
        name.Equals("gpt-4", StringComparison.OrdinalIgnoreCase)
        || Array.Exists(Cl100kPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || name.Contains("embed", StringComparison.OrdinalIgnoreCase);
}
