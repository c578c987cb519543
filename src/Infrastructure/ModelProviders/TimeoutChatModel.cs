using System.Runtime.CompilerServices;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>
/// Ends a call that takes too long: until the first token, between tokens, or in all (the fourth timeout, connect, is the socket's). The caller's own
/// cancellation stays a cancellation.
/// </summary>
internal sealed class TimeoutChatModel(IChatModel inner, TimeoutOptions timeouts, TimeProvider clock) : IChatModel
{
    public async Task<ModelAnswer> CompleteAsync(ModelCall call, CancellationToken cancellationToken)
    {
        using var whole = new CancellationTokenSource(timeouts.Whole, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, whole.Token);
        try
        {
            return await inner.CompleteAsync(call, either.Token);
        }
        catch (Exception e) when (whole.IsCancellationRequested && !cancellationToken.IsCancellationRequested && IsAbort(e))
        {
            throw TooSlow(call, "finish its answer", timeouts.Whole, nameof(TimeoutOptions.Whole), e);
        }
    }

    public async IAsyncEnumerable<ModelChunk> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(timeouts.FirstToken, clock);
        using var whole = new CancellationTokenSource(timeouts.Whole, clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token, whole.Token);
        var started = false;
        await using var chunks = inner.StreamAsync(call, any.Token).GetAsyncEnumerator(any.Token);
        while (true)
        {
            try
            {
                if (!await chunks.MoveNextAsync()) yield break;
            }
            catch (Exception e) when (any.IsCancellationRequested && !cancellationToken.IsCancellationRequested && IsAbort(e))
            {
                if (whole.IsCancellationRequested) throw TooSlow(call, "finish its answer", timeouts.Whole, nameof(TimeoutOptions.Whole), e);
                throw started
                    ? TooSlow(call, "send the next token", timeouts.BetweenTokens, nameof(TimeoutOptions.BetweenTokens), e)
                    : TooSlow(call, "send a first token", timeouts.FirstToken, nameof(TimeoutOptions.FirstToken), e);
            }

            // Role-only and empty chunks are not content: they do not end the wait for the first token.
            started = started || chunks.Current.Deltas.Any(delta => delta.IsContent);
            // While the reader is busy with this chunk, the vendor owes us nothing.
            if (started) idle.CancelAfter(Timeout.InfiniteTimeSpan);
            yield return chunks.Current;
            if (started) idle.CancelAfter(timeouts.BetweenTokens);
        }
    }

    // An aborted read surfaces as a cancellation or, from some layers, as the broken connection it looks like.
    private static bool IsAbort(Exception e) => e is OperationCanceledException or UpstreamFailed { Kind: UpstreamFailure.Interrupted or UpstreamFailure.Unreachable };

    private static UpstreamFailed TooSlow(ModelCall call, string what, TimeSpan limit, string setting, Exception inner) => new(
        UpstreamFailure.Timeout,
        "upstream_timeout",
        $"The model '{call.Model.Id}' did not {what} within {limit.TotalSeconds:0.###} s (setting Inference:Timeouts:{setting}).",
        inner: inner);
}
