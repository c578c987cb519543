using System.Text;
using AiPlatform.Application.Knowledge.Search.Analysis;

namespace AiPlatform.Application.Tests.Knowledge.Search.Lexical;

/// <summary>A stemmer for tests that need no language: takes an English plural's ending away.</summary>
internal sealed class PlainStems : IWordStems
{
    public Task<IReadOnlyDictionary<string, string>> OfAsync(string? dictionary, IReadOnlyCollection<string> words, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(words.ToDictionary(word => word, word => dictionary == "english_stem" && Ascii.IsValid(word) && word.Length > 3 ? word.TrimEnd('s') : word));
}
