using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>One log line, one span and one set of measurements per model call. Numbers and names only: no prompt, no answer, no key.</summary>
internal sealed partial class LoggingChatModel(IChatModel inner, TimeProvider clock, ILogger<LoggingChatModel> log) : IChatModel
{
    private static readonly ActivitySource Activities = new(InferenceTelemetry.Name);
    private static readonly Meter Meter = new(InferenceTelemetry.Name);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time of a model call");
    private static readonly Histogram<double> FirstToken = Meter.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s", "Time to the first token");
    private static readonly Counter<long> Tokens = Meter.CreateCounter<long>("gen_ai.client.token.usage", "{token}", "Tokens read and written");

    public async Task<ModelAnswer> CompleteAsync(ModelCall call, CancellationToken cancellationToken)
    {
        using var record = new CallRecord(this, call);
        try
        {
            var answer = await inner.CompleteAsync(call, cancellationToken);
            record.Usage = answer.Usage;
            record.Outcome = "ok";
            return answer;
        }
        catch (Exception e)
        {
            record.Failed(e, cancellationToken);
            throw;
        }
    }

    public async IAsyncEnumerable<ModelChunk> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var record = new CallRecord(this, call);
        await using var chunks = inner.StreamAsync(call, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await chunks.MoveNextAsync()) break;
            }
            catch (Exception e)
            {
                record.Failed(e, cancellationToken);
                throw;
            }

            record.Saw(chunks.Current);
            yield return chunks.Current;
        }

        record.Outcome = "ok";
    }

    /// <summary>Collects one call's numbers and reports them when the call is over, however it ends.</summary>
    private sealed class CallRecord(LoggingChatModel owner, ModelCall call) : IDisposable
    {
        private readonly Activity? _activity = Activities.StartActivity($"chat {call.Model.Id}", ActivityKind.Client);
        private readonly long _started = owner.Now;
        private TimeSpan? _firstToken;

        /// <summary>Until something else is known: a reader who stopped reading disposes the stream without an exception.</summary>
        public string Outcome { get; set; } = "cancelled";

        public TokenUsage? Usage { get; set; }

        public void Saw(ModelChunk chunk)
        {
            foreach (var delta in chunk.Deltas)
            {
                if (delta is ModelDelta.Usage usage) Usage = usage.Tokens;
                else if (_firstToken is null && delta.IsContent) _firstToken = owner.Since(_started);
            }
        }

        public void Failed(Exception e, CancellationToken cancellationToken)
        {
            Outcome = e is UpstreamFailed upstream ? upstream.Code : cancellationToken.IsCancellationRequested ? "cancelled" : e.GetType().Name;
            if (Outcome != "cancelled") _activity?.SetStatus(ActivityStatusCode.Error, Outcome);
        }

        public void Dispose()
        {
            var total = owner.Since(_started);
            var model = new KeyValuePair<string, object?>("gen_ai.request.model", call.Model.Id);
            Duration.Record(total.TotalSeconds, model, new("outcome", Outcome));
            if (_firstToken is { } first) FirstToken.Record(first.TotalSeconds, model);
            if (Usage is { } usage)
            {
                Tokens.Add(usage.Input, model, new("gen_ai.token.type", "input"));
                Tokens.Add(usage.Output, model, new("gen_ai.token.type", "output"));
            }

            _activity?.SetTag("gen_ai.request.model", call.Model.Id).SetTag("gen_ai.system", call.Model.Provider).SetTag("outcome", Outcome);
            _activity?.Dispose();
            var level = Outcome is "ok" or "cancelled" ? LogLevel.Information : LogLevel.Warning;
            LogCall(
                owner.Log, level, call.Model.Provider, call.Model.Id, Outcome, Usage?.Input, Usage?.Output, _firstToken?.TotalMilliseconds, total.TotalMilliseconds);
        }
    }

    private ILogger Log => log;

    private long Now => clock.GetTimestamp();

    private TimeSpan Since(long started) => clock.GetElapsedTime(started);

    [LoggerMessage(Message = "Model call to {Provider} {Model}: {Outcome}")]
    private static partial void LogCall(
        ILogger log, LogLevel level, string provider, string model, string outcome, int? inputTokens, int? outputTokens, double? firstTokenMs, double totalMs);
}
