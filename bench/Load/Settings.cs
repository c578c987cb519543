using System.Globalization;

namespace AiPlatform.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record Settings
{
    public const string Usage = """
        Usage: bench/run [SCENARIO ...] [--full] [--only SERVER,...] [--against DLL] [--texts N] [--chunks N] [--keep]

        Scenarios (default: all): streams paced max plain stored takeover abort sockets ingest search

          --full           longer and more often: minutes per scenario
          --only A,B       only these of: direct, nginx, relay, aiplatform, before
          --against DLL    also measure another build of the product (its AiPlatform.Api.dll), as "before"
          --texts N        so many texts, and a twentieth as many PDFs, for "ingest" (default 1000)
          --chunks N       so many chunks for "search" (default 100000)
          --keep           keep the folder with the servers' logs

        See bench/README.md for how to read the figures.
        """;

    public static readonly string[] Scenarios = ["streams", "paced", "max", "plain", "stored", "takeover", "abort", "sockets", "ingest", "search"];
    private static readonly string[] ServerNames = ["direct", "nginx", "relay", "aiplatform", "before"];

    private List<string> Chosen { get; init; } = [];
    private string[] Only { get; init; } = [];
    public bool Full { get; init; }
    public bool Keep { get; init; }
    public string Product { get; init; } = "";
    public string? Against { get; init; }
    public int Texts { get; init; } = 1000;
    public int Chunks { get; init; } = 100_000;
    public string Fake { get; init; } = "";
    public string Postgres { get; init; } = "";

    public bool Wants(string scenario) => Chosen.Count == 0 || Chosen.Contains(scenario);

    public bool WantsServer(string name) => Only.Length == 0 || Only.Contains(name);

    /// <summary>How often a cell is measured.</summary>
    public int Repeats => Full ? 5 : 2;

    public static Settings? Parse(string[] args)
    {
        var settings = new Settings { Postgres = Environment.GetEnvironmentVariable("AIPLATFORM_TEST_POSTGRES") ?? "" };
        var chosen = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (Scenarios.Contains(args[i])) chosen.Add(args[i]);
            else if (args[i] == "--full") settings = settings with { Full = true };
            else if (args[i] == "--keep") settings = settings with { Keep = true };
            else if (i + 1 < args.Length && settings.With(args[i], args[++i]) is { } changed) settings = changed;
            else return null;
        }

        var complete = settings.Product.Length > 0 && settings.Fake.Length > 0 && settings.Postgres.Length > 0;
        return complete && settings.Only.All(ServerNames.Contains) ? settings with { Chosen = chosen } : null;
    }

    private Settings? With(string option, string value) => option switch
    {
        "--only" => this with { Only = value.Split(',') },
        "--against" => this with { Against = Path.GetFullPath(value) },
        "--texts" when int.TryParse(value, CultureInfo.InvariantCulture, out var texts) && texts >= 20 => this with { Texts = texts },
        "--chunks" when int.TryParse(value, CultureInfo.InvariantCulture, out var chunks) && chunks >= 20_000 => this with { Chunks = chunks },
        "--product" => this with { Product = Path.GetFullPath(value) },
        "--fake" => this with { Fake = Path.GetFullPath(value) },
        _ => null,
    };
}
