using System.Collections.Concurrent;
using System.Text;
using AiPlatform.Application.Knowledge.Search.Analysis;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>Stems of PostgreSQL's own dictionaries. A process asks for each word once, as long as it has room to remember it.</summary>
internal sealed class SnowballStems(NpgsqlDataSource database) : IWordStems
{
    // About 20 MB; then it begins anew.
    private const int MostKnown = 200_000;
    private const int AtOnce = 20_000;

    private const string Dictionaries = "SELECT dictname::text FROM pg_catalog.pg_ts_dict";

    // A dictionary answers with nothing for what it takes for a stop word: we have our own.
    private const string Stem = """
        SELECT normalize(COALESCE((ts_lexize($1::regdictionary, word))[1], word), NFKD)
        FROM unnest($2) WITH ORDINALITY AS given (raw, place) CROSS JOIN LATERAL (SELECT normalize(raw, NFKC) AS word) composed ORDER BY place
        """;

    private const string Decompose = "SELECT normalize(raw, NFKD) FROM unnest($1) WITH ORDINALITY AS given (raw, place) ORDER BY place";

    private readonly ConcurrentDictionary<(string? Dictionary, string Word), string> _known = [];
    private HashSet<string>? _dictionaries;

    public async Task<IReadOnlyDictionary<string, string>> OfAsync(string? dictionary, IReadOnlyCollection<string> words, CancellationToken cancellationToken)
    {
        var (stems, unknown) = (new Dictionary<string, string>(words.Count), new List<string>());
        foreach (var word in words)
        {
            if (dictionary is null && Ascii.IsValid(word)) stems[word] = word;
            else if (_known.TryGetValue((dictionary, word), out var stem)) stems[word] = stem;
            else unknown.Add(word);
        }

        foreach (var some in unknown.Chunk(AtOnce))
        {
            var found = await AskAsync(dictionary, some, cancellationToken);
            if (_known.Count > MostKnown) _known.Clear();
            for (var i = 0; i < some.Length; i++) stems[some[i]] = _known[(dictionary, some[i])] = found[i];
        }

        return stems;
    }

    private async Task<List<string>> AskAsync(string? dictionary, string[] words, CancellationToken cancellationToken)
    {
        var stems = new List<string>(words.Length);
        var has = dictionary is not null && (_dictionaries ??= await DictionariesAsync(cancellationToken)).Contains(dictionary);
        await using var command = has ? database.Command(Stem, Sql.Of(dictionary!), Sql.Of(words)) : database.Command(Decompose, Sql.Of(words));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) stems.Add(reader.GetString(0));
        return stems;
    }

    private async Task<HashSet<string>> DictionariesAsync(CancellationToken cancellationToken)
    {
        var names = new HashSet<string>();
        await using var command = database.Command(Dictionaries);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) names.Add(reader.GetString(0));
        return names;
    }
}
