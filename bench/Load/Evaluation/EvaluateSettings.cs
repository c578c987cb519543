using System.Globalization;
using System.Text.Json;

namespace AiPlatform.Bench.Evaluation;

/// <summary>What the command line of <c>bench/run evaluate</c> asks for.</summary>
internal sealed record EvaluateSettings
{
    public const string Usage = """
        Usage: bench/run evaluate --folder DIR [--folder DIR ...] [options]

        Uploads the documents of a set, asks its questions and says how many were answered. DIR holds
          corpus.jsonl    {"id", "title", "text"}        a document a line
          queries.jsonl   {"id", "text", "relevant"}     a question a line, with the ids of the documents that answer it

          --base-url URL   a server that runs, with --key KEY; without it, a server of the run's own
          --store ID       a vector store of that server which has the documents already
          --model NAME     the embedding model of the store (default: the server's)
          --results N      hits per question, from which documents are collapsed (default 50)
          --ranking JSON   ranking_options of the search
          --parallel N     questions at once (default 2)
          --out FILE       write the figures, and each question's, to a file
          --compare FILE   compare with such a file of an earlier run
        """;

    public List<string> Folders { get; } = [];
    public Uri? BaseUrl { get; private init; }
    public string Key { get; private init; } = "";
    public string? Store { get; private init; }
    public string? Model { get; private init; }
    public int Results { get; private init; } = 50;
    public JsonElement? Ranking { get; private init; }
    public int Parallel { get; private init; } = 2;
    public string? Out { get; private init; }
    public string? Compare { get; private init; }

    /// <summary>The program, for a server of the run's own.</summary>
    public string Product { get; private init; } = "";

    public string Postgres { get; private init; } = "";

    public static EvaluateSettings? Parse(string[] args)
    {
        var settings = new EvaluateSettings { Postgres = Environment.GetEnvironmentVariable("AIPLATFORM_TEST_POSTGRES") ?? "" };
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length) return null;
            if (args[i] == "--folder") settings.Folders.Add(Path.GetFullPath(args[i + 1]));
            else if (settings.With(args[i], args[i + 1]) is { } changed) settings = changed;
            else return null;
        }

        var hasServer = settings.BaseUrl is not null ? settings.Key.Length > 0 : settings is { Product.Length: > 0, Postgres.Length: > 0, Store: null };
        return hasServer && settings.Folders.Count > 0 && (settings.Store is null || settings.Folders.Count == 1) ? settings : null;
    }

    private EvaluateSettings? With(string option, string value) => option switch
    {
        "--base-url" => Uri.TryCreate(value.TrimEnd('/') + "/", UriKind.Absolute, out var url) ? this with { BaseUrl = url } : null,
        "--key" => this with { Key = value },
        "--store" => this with { Store = value },
        "--model" => this with { Model = value },
        "--results" => int.TryParse(value, CultureInfo.InvariantCulture, out var results) && results is >= 1 and <= 50 ? this with { Results = results } : null,
        "--ranking" => this with { Ranking = JsonDocument.Parse(value).RootElement },
        "--parallel" => int.TryParse(value, CultureInfo.InvariantCulture, out var parallel) && parallel > 0 ? this with { Parallel = parallel } : null,
        "--out" => this with { Out = Path.GetFullPath(value) },
        "--compare" => this with { Compare = Path.GetFullPath(value) },
        "--product" => this with { Product = Path.GetFullPath(value) },
        _ => null,
    };
}
