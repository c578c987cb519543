using System.Globalization;
using System.Text;

namespace AiPlatform.FakeModels;

/// <summary>How the fake model shall answer: the parsed form of <c>[[fake key=value ...]]</c>. The keys are explained in README.md.</summary>
public sealed record FakeDirective
{
    private const string Opening = "[[fake";
    private const string Closing = "]]";

    // What it says.
    public int? Tokens { get; init; }
    public int Seed { get; init; }
    public bool Unicode { get; init; }
    public bool Nul { get; init; }
    public int Big { get; init; }
    public bool Stamp { get; init; }
    public int Reasoning { get; init; }
    public string ReasoningField { get; init; } = "reasoning_content";
    public string? Refusal { get; init; }
    public string? Tool { get; init; }
    public string Args { get; init; } = "{}";
    public int ToolFragments { get; init; } = 4;
    public int Tools { get; init; } = 1;
    public int Rounds { get; init; } = 1;
    public int Preamble { get; init; }
    public FakeCite Cite { get; init; }
    public bool Obey { get; init; }
    public bool Length { get; init; }
    public bool Filter { get; init; }

    // When it says it.
    public int DelayMs { get; init; }
    public int FirstMs { get; init; }
    public int HeadersMs { get; init; }
    public int PingMs { get; init; }

    // How it misbehaves.
    public int Status { get; init; }
    public string? Code { get; init; }
    public string? RetryAfter { get; init; }
    public FakeHang Hang { get; init; }
    public int? At { get; init; }
    public int? Cut { get; init; }
    public FakeCutInside CutInside { get; init; }
    public bool Reset { get; init; }
    public FakeGarbage Garbage { get; init; }
    public int? ErrorEvent { get; init; }
    public bool NoDone { get; init; }
    public bool NoUsage { get; init; }
    public bool NoPrefill { get; init; }
    public int? Window { get; init; }
    public int? Times { get; init; }
    public string? ForModel { get; init; }

    /// <summary>The directive as written: what <c>times</c> counts by.</summary>
    public string Source { get; init; } = "";

    /// <summary>True when the directive itself says what the text is; otherwise the answer is the echo of the message.</summary>
    internal bool HasText => Tokens is not null || Big > 0 || Nul;

    /// <summary>The directive standing in a message, or null.</summary>
    public static FakeDirective? Find(string message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var (start, end) = Locate(message);
        return start < 0 ? null : Parse(message[(start + Opening.Length)..end]);
    }

    /// <summary>Parses the inside of a directive, for example <c>tokens=5 delay=20</c>.</summary>
    /// <exception cref="FormatException">A key is unknown or a value is not of its kind.</exception>
    public static FakeDirective Parse(string keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var directive = new FakeDirective { Source = keys.Trim() };
        foreach (var pair in keys.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? pair : pair[..equals];
            directive = directive.With(key, equals < 0 ? null : Decode(pair[(equals + 1)..]));
        }

        return directive;
    }

    /// <summary>The same answer without the failures and waits in front of it: what a request gets once <c>times</c> is used up.</summary>
    internal FakeDirective Behaving() => this with
    {
        FirstMs = 0, HeadersMs = 0, Status = 0, Hang = FakeHang.None, Cut = null, CutInside = FakeCutInside.None,
        Garbage = FakeGarbage.None, ErrorEvent = null, NoDone = false, Window = null,
    };

    internal static string Without(string message)
    {
        var (start, end) = Locate(message);
        return start < 0 ? message : string.Concat(message.AsSpan(0, start), message.AsSpan(end + Closing.Length)).Trim();
    }

    private static (int Start, int End) Locate(string message)
    {
        var start = message.IndexOf(Opening, StringComparison.Ordinal);
        var end = start < 0 ? -1 : message.IndexOf(Closing, start, StringComparison.Ordinal);
        return end < 0 ? (-1, -1) : (start, end);
    }

    private FakeDirective With(string key, string? value) => key switch
    {
        "tokens" => this with { Tokens = Number(key, value) },
        "seed" => this with { Seed = Number(key, value) },
        "unicode" => this with { Unicode = true },
        "nul" => this with { Nul = true },
        "big" => this with { Big = Number(key, value) },
        "stamp" => this with { Stamp = true },
        "reasoning" => this with { Reasoning = Number(key, value) },
        "reasoning-field" => this with { ReasoningField = OneOf(key, value, "reasoning_content", "reasoning", "both") },
        "refusal" => this with { Refusal = Text(key, value) },
        "tool" => this with { Tool = Text(key, value) },
        "args" => this with { Args = Text(key, value) },
        "tool-fragments" => this with { ToolFragments = Math.Max(1, Number(key, value)) },
        "tools" => this with { Tools = Number(key, value) },
        "rounds" => this with { Rounds = Number(key, value) },
        "preamble" => this with { Preamble = Number(key, value) },
        "cite" => this with { Cite = OneOf(key, value, FakeCite.None) },
        "obey" => this with { Obey = true },
        "length" => this with { Length = true },
        "filter" => this with { Filter = true },
        "delay" => this with { DelayMs = Number(key, value) },
        "first" => this with { FirstMs = Number(key, value) },
        "headers" => this with { HeadersMs = Number(key, value) },
        "ping" => this with { PingMs = Number(key, value) },
        "status" => this with { Status = Number(key, value) },
        "code" => this with { Code = Text(key, value) },
        "retry-after" => this with { RetryAfter = Text(key, value) },
        "hang" => this with { Hang = OneOf(key, value, FakeHang.None) },
        "at" => this with { At = Number(key, value) },
        "cut" => this with { Cut = Number(key, value) },
        "cut-inside" => this with { CutInside = OneOf(key, value, FakeCutInside.None) },
        "reset" => this with { Reset = true },
        "garbage" => this with { Garbage = OneOf(key, value, FakeGarbage.None) },
        "error-event" => this with { ErrorEvent = Number(key, value) },
        "no-done" => this with { NoDone = true },
        "no-usage" => this with { NoUsage = true },
        "no-prefill" => this with { NoPrefill = true },
        "window" => this with { Window = Number(key, value) },
        "times" => this with { Times = Number(key, value) },
        "for-model" => this with { ForModel = Text(key, value) },
        _ => throw new FormatException($"The fake model knows no directive key '{key}'. See tests/FakeModels/README.md for the list."),
    };

    private static int Number(string key, string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"The fake model directive '{key}' needs a whole number, for example {key}=5, but has '{value}'.");

    private static string Text(string key, string? value) =>
        value ?? throw new FormatException($"The fake model directive '{key}' needs a value, for example {key}=word.");

    private static string OneOf(string key, string? value, params string[] allowed) =>
        allowed.Contains(value)
            ? value!
            : throw new FormatException($"The fake model directive '{key}' must be one of: {string.Join(", ", allowed)}; it is '{value}'.");

    private static T OneOf<T>(string key, string? value, T none)
        where T : struct, Enum =>
        Enum.TryParse<T>(value, ignoreCase: true, out var parsed) && !parsed.Equals(none) && !char.IsDigit(value![0])
            ? parsed
            : throw new FormatException($"The fake model directive '{key}' must be one of: "
                + string.Join(", ", Enum.GetNames<T>().Skip(1).Select(name => name.ToLowerInvariant())) + $"; it is '{value}'.");

    private static string Decode(string value) =>
        value.StartsWith("base64:", StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(Convert.FromBase64String(value["base64:".Length..]))
            : Uri.UnescapeDataString(value);
}

/// <summary>How it cites the passages it is given: as it should, or wrong in all ways at random.</summary>
public enum FakeCite { None, Right, Random }

/// <summary>Where the answer stops for ever.</summary>
public enum FakeHang { None, Headers, First, Mid }

/// <summary>What the cut splits in two.</summary>
public enum FakeCutInside { None, Utf8, Json }

/// <summary>What stands where the answer should be: an HTML page instead of it, or a broken event or plain bytes in the middle of it.</summary>
public enum FakeGarbage { None, Headers, Mid, Bytes }
