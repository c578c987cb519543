using System.Diagnostics.Metrics;
using System.Globalization;

namespace AiPlatform.Bench.Servers;

/// <summary>
/// In the server's process: its CPU time by step of ingestion, from the measurement that every step leaves at its end. Exact where one document is worked on
/// at a time.
/// </summary>
internal static class StepCpu
{
    private const string Meter = "AiPlatform.Knowledge";
    private const string Instrument = "aiplatform.ingestion.step.duration";

    private static readonly Lock Lock = new();
    private static readonly Dictionary<string, TimeSpan> Spent = [];
    private static TimeSpan _last;

    public static void Listen()
    {
        // It lives as long as the process.
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == Meter && instrument.Name == Instrument) listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Count(tags));
        listener.Start();
    }

    public static string Read()
    {
        lock (Lock) return string.Join(' ', Spent.Select(step => string.Create(CultureInfo.InvariantCulture, $"{step.Key}={step.Value.TotalSeconds:0.000}")));
    }

    private static void Count(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (Lock)
        {
            var now = Environment.CpuUsage.TotalTime;
            foreach (var (name, value) in tags)
                if (name == "step" && value is string step) Spent[step] = Spent.GetValueOrDefault(step) + now - _last;
            _last = now;
        }
    }
}
