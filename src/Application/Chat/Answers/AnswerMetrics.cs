using System.Diagnostics.Metrics;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>Counts of what answers draw from documents.</summary>
public sealed class AnswerMetrics : IDisposable
{
    public const string MeterName = "AiPlatform.Chat";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _searches;
    private readonly Counter<long> _citations;

    public AnswerMetrics()
    {
        _searches = _meter.CreateHistogram<double>("aiplatform.file_search.duration", "s", "How long searches for answers took, by outcome");
        _citations = _meter.CreateCounter<long>("aiplatform.citations", "{citation}", "Citations that models made, by what became of them");
    }

    /// <param name="outcome"><c>found</c>, <c>nothing</c>, <c>failed</c> or <c>cancelled</c>.</param>
    /// <param name="duration">How long it took.</param>
    public void Searched(string outcome, TimeSpan duration) => _searches.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));

    /// <param name="outcome"><c>shown</c>, <c>false</c> (no such quote in that passage) or <c>malformed</c>.</param>
    /// <param name="count">How many.</param>
    public void Cited(string outcome, int count)
    {
        if (count > 0) _citations.Add(count, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void Dispose() => _meter.Dispose();
}
