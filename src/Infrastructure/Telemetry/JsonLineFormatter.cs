using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AiPlatform.Infrastructure.Telemetry;

/// <summary>
/// One flat JSON object per log line: time, level, message, the message's own values and those of the enclosing scopes, under snake_case names. Flat, so
/// that <c>jq</c> and every log store can select by <c>request_id</c> without knowing our nesting.
/// </summary>
internal sealed class JsonLineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "json-lines";

    private const string Template = "{OriginalFormat}";
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What ASP.NET Core's own scopes say is said by the request's log line already.
    private static readonly HashSet<string> Skipped = [Template, "ConnectionId", "RequestId", "RequestPath", "SpanId", "TraceId", "ParentId", "ActionId", "ActionName"];

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("time"u8, clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WriteString("level"u8, NameOf(logEntry.LogLevel));
            json.WriteString("message"u8, logEntry.Formatter(logEntry.State, logEntry.Exception));
            var names = new HashSet<string>(StringComparer.Ordinal);
            WriteValues(json, names, logEntry.State);
            scopeProvider?.ForEachScope((scope, state) => WriteValues(state.json, state.names, scope), (json, names));
            if (Activity.Current is { } activity) json.WriteString("trace_id"u8, activity.TraceId.ToString());
            json.WriteString("category"u8, logEntry.Category);
            if (logEntry.Exception is { } exception) json.WriteString("exception"u8, exception.ToString());
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteValues(Utf8JsonWriter json, HashSet<string> names, object? values)
    {
        if (values is not IEnumerable<KeyValuePair<string, object?>> pairs) return;
        foreach (var (name, value) in pairs)
        {
            if (value is null || Skipped.Contains(name) || !names.Add(name)) continue;
            json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
            WriteValue(json, value);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or short or byte:
                json.WriteNumberValue(Convert.ToInt64(value, null));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(Math.Round(number, 3));
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
