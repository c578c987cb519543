using System.Text;

namespace AiPlatform.Infrastructure.Documents.Formats.Mail;

/// <summary>A part of a message: its headers, and its body as it stands in the message. Bytes are kept as characters of Latin 1 until their charset is known.</summary>
internal sealed class MimePart
{
    private readonly Dictionary<string, string> _headers;

    private MimePart(Dictionary<string, string> headers, string body) => (_headers, Body) = (headers, body);

    public string Body { get; }

    public string ContentType => Value(Header("Content-Type")) is { Length: > 0 } type ? type : "text/plain";

    public string Disposition => Value(Header("Content-Disposition"));

    public string? Filename => MimeWords.Decode(Parameter("Content-Disposition", "filename") ?? Parameter("Content-Type", "name"));

    public static MimePart Parse(string text)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var (at, name) = (0, "");
        while (at < text.Length)
        {
            var end = text.IndexOf('\n', at) is var found and >= 0 ? found : text.Length;
            var line = text[at..end].TrimEnd('\r');
            at = Math.Min(end + 1, text.Length);
            if (line.Length == 0) break;
            if (line[0] is ' ' or '\t' && name.Length > 0)
            {
                // A long header goes on in the next line.
                if (headers[name].Length < 10_000) headers[name] += " " + line.Trim();
                continue;
            }

            var colon = line.IndexOf(':');
            if (colon <= 0 || headers.Count > 500) continue;
            name = line[..colon].Trim();
            // The first of several counts.
            if (!headers.TryAdd(name, line[(colon + 1)..].Trim())) name = "";
        }

        return new MimePart(headers, text[at..]);
    }

    public string? Header(string name) => _headers.GetValueOrDefault(name);

    public string? Parameter(string header, string name)
    {
        var extended = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Parameters(Header(header)))
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
            if (key.StartsWith(name + "*", StringComparison.OrdinalIgnoreCase)) extended[key] = value;
        }

        return extended.Count == 0 ? null : MimeWords.DecodeExtended(string.Concat(extended.Values));
    }

    /// <summary>The parts of a multipart, in order.</summary>
    public IEnumerable<MimePart> Parts()
    {
        if (Parameter("Content-Type", "boundary") is not { Length: > 0 } boundary) yield break;
        var mark = "--" + boundary;
        for (var start = Find(Body, mark, 0); start >= 0;)
        {
            var content = Body.IndexOf('\n', start);
            if (content < 0 || Body.AsSpan(start + mark.Length).StartsWith("--")) yield break;
            var end = Find(Body, mark, content);
            yield return Parse(Body[(content + 1)..(end < 0 ? Body.Length : Math.Max(content + 1, end))]);
            start = end;
        }
    }

    /// <summary>The body's bytes, whatever they were wrapped in.</summary>
    public byte[] Content() => Value(Header("Content-Transfer-Encoding")) switch
    {
        "base64" => MimeWords.Base64(Body),
        "quoted-printable" => MimeWords.QuotedPrintable(Body, underscoreIsSpace: false),
        _ => Encoding.Latin1.GetBytes(Body),
    };

    public string Text()
    {
        var bytes = Content();
        var charset = Parameter("Content-Type", "charset");
        if (charset is null || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)) return (TextEncodings.Certain(bytes) ?? TextEncodings.Named(null)).GetString(bytes);
        return TextEncodings.Named(charset).GetString(bytes);
    }

    /// <summary>At the beginning of a line.</summary>
    private static int Find(string text, string mark, int from)
    {
        for (var at = from; at <= text.Length && (at = text.IndexOf(mark, at, StringComparison.Ordinal)) >= 0; at++)
            if (at == 0 || text[at - 1] == '\n') return at;
        return -1;
    }

    private static string Value(string? header) => (header ?? "").Split(';')[0].Trim().ToLowerInvariant();

    private static IEnumerable<(string Name, string Value)> Parameters(string? header)
    {
        var (start, quoted) = (0, false);
        var text = header ?? "";
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"') quoted = !quoted;
            if (i < text.Length && (text[i] != ';' || quoted)) continue;
            var pair = text[start..i].Split('=', 2);
            if (pair.Length == 2) yield return (pair[0].Trim(), pair[1].Trim().Trim('"'));
            start = i + 1;
        }
    }
}
