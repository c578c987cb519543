namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>Stems words that are spelled in lower case.</summary>
public interface IWordStems
{
    /// <summary>
    /// The stem of each of these words, compatibility forms resolved and accents apart (NFKD). Without a dictionary, or with one that this database does not have, words are their own stems.
    /// </summary>
    Task<IReadOnlyDictionary<string, string>> OfAsync(string? dictionary, IReadOnlyCollection<string> words, CancellationToken cancellationToken);
}
