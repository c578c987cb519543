using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Generates one response: asks the model, folds what it says into events, and ends the run in one transaction with its output, before the terminal
/// event is shown to anyone.
/// </summary>
public sealed partial class ResponseRunner(IChatModel models, ResponseStore store, ITokenCounter tokens, TimeProvider clock, ILogger<ResponseRunner> log)
{
    internal async Task RunAsync(ResponseRun run)
    {
        var response = run.Response;
        var composer = new ResponseComposer(response, clock);
        var sequence = 0L;
        Emit(new ResponseEvent.Created());
        Emit(new ResponseEvent.InProgress());
        IEnumerable<ResponseEvent> ending;
        try
        {
            await foreach (var chunk in models.StreamAsync(run.Call, run.Stopped))
                foreach (var delta in chunk.Deltas)
                    foreach (var @event in composer.On(delta)) Emit(@event);
            ending = composer.Finish(composer.Usage ?? Estimate(run));
        }
        catch (OperationCanceledException) when (run.Stopped.IsCancellationRequested)
        {
            ending = EndingOf(run.Reason);
        }
        catch (Exception e)
        {
            if (e is not UpstreamFailed) LogUnexpected(log, e);
            run.Failure = e;
            ending = composer.Close(ItemStatus.Incomplete).Append(FailureOf(e));
        }

        foreach (var @event in ending)
        {
            if (!@event.IsTerminal)
            {
                Emit(@event);
                continue;
            }

            response.Apply(@event, clock.GetUtcNow());
            await EndAsync(run, ResponseEventJson.ToWire(response, @event, sequence), sequence);
        }

        void Emit(ResponseEvent @event)
        {
            response.Apply(@event, clock.GetUtcNow());
            run.Tail.Append(ResponseEventJson.ToWire(response, @event, sequence++));
        }

        IEnumerable<ResponseEvent> EndingOf(StopReason reason) => composer.Close(ItemStatus.Incomplete).Append(reason is StopReason.ShuttingDown
            ? new ResponseEvent.Failed("server_error", "The server was shut down while it generated this response. Send the request again.")
            : new ResponseEvent.Cancelled());
    }

    /// <summary>Stores the end, and only then shows it.</summary>
    private async Task EndAsync(ResponseRun run, WireEvent last, long sequence)
    {
        try
        {
            if (await store.FinishAsync(run, CancellationToken.None) is { } lost)
            {
                // Somebody else ended it; theirs is the truth.
                run.Final = lost.Json;
                run.Tail.Append(lost.ToTerminalEvent(sequence));
                return;
            }

            run.Final = ResponseJson.ToJson(run.Response, run.Response.Output.Select(ItemJson.ToJson));
            run.Tail.Append(last);
        }
        catch (Exception e)
        {
            // Its lease runs out, and whoever finds it marks it as failed.
            LogUnexpected(log, e);
            run.Failure = e;
            run.Tail.Append(ResponseEventJson.Error("server_error", "The response is finished, but could not be stored: the database is away.", null, sequence));
        }
    }

    private static ResponseEvent.Failed FailureOf(Exception e) => e switch
    {
        UpstreamFailed { Kind: UpstreamFailure.RateLimited } limited => new("rate_limit_exceeded", limited.Message),
        UpstreamFailed { Kind: UpstreamFailure.Rejected } rejected => new("invalid_prompt", rejected.Message),
        UpstreamFailed failed => new("server_error", failed.Message),
        _ => new("server_error", "Something went wrong on our side while the response was generated."),
    };

    /// <summary>For vendors that do not tell: what our tokeniser counts.</summary>
    private TokenUsage Estimate(ResponseRun run)
    {
        var model = run.Call.Model.UpstreamName;
        var input = new ContextWindow(tokens).Count(model, run.Call.Request.Messages);
        var output = run.Response.Output.Sum(item => item switch
        {
            MessageItem message => message.Parts.Sum(part => tokens.Count(model, part.Text)),
            ReasoningItem reasoning => tokens.Count(model, reasoning.Content.Text),
            FunctionCallItem call => tokens.Count(model, call.Arguments),
            _ => 0,
        });
        return new TokenUsage(input, output) { IsEstimate = true };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A run failed unexpectedly")]
    private static partial void LogUnexpected(ILogger log, Exception exception);
}
