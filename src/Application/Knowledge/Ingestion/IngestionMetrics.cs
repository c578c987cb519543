using System.Diagnostics.Metrics;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Counts and durations of ingestion, and how its queue stands as it was last looked at.</summary>
public sealed class IngestionMetrics : IDisposable
{
    public const string MeterName = "AiPlatform.Knowledge";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _steps;

    public IngestionMetrics()
    {
        _ended = _meter.CreateCounter<long>("aiplatform.ingestion.files", "{file}", "Files whose ingestion ended, by outcome");
        _steps = _meter.CreateHistogram<double>("aiplatform.ingestion.step.duration", "s", "How long steps took, by step and outcome");
        _meter.CreateObservableGauge("aiplatform.ingestion.queue.depth", () => Queue.Waiting, "{file}", "Files that wait for a worker");
        _meter.CreateObservableGauge("aiplatform.ingestion.queue.age", () => Queue.OldestWaiting.TotalSeconds, "s", "For how long the oldest of them has waited");
        _meter.CreateObservableGauge("aiplatform.ingestion.running", () => Queue.Running, "{file}", "Files that are worked on");
        _meter.CreateObservableGauge("aiplatform.ingestion.abandoned", () => Queue.Abandoned, "{file}", "Files whose worker died and that nobody has taken over");
    }

    public QueueState Queue { get; set; }

    public void Ended(string outcome) => _ended.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void StepTook(IngestionStep step, string outcome, TimeSpan duration) => _steps.Record(
        duration.TotalSeconds, new KeyValuePair<string, object?>("step", step.ToString().ToLowerInvariant()), new KeyValuePair<string, object?>("outcome", outcome));

    public void Dispose() => _meter.Dispose();
}

/// <summary>How the queue stands, over all processes.</summary>
public readonly record struct QueueState(int Waiting, TimeSpan OldestWaiting, int Running, int Abandoned, int WaitingForRetry);
