using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Application.Tests.Inference;

/// <summary>A model that says what the test says, when the test says it.</summary>
internal sealed class ScriptedChatModel : IChatModel
{
    private readonly Channel<ModelChunk> _chunks = Channel.CreateUnbounded<ModelChunk>();

    public static ModelCall Call { get; } = new(new ModelDescriptor { Id = "ours", Provider = "p", UpstreamName = "theirs" }, new ChatCompletionRequest { Model = "ours" });

    /// <summary>Whether the vendor was let go of: the stream disposed, or the call cancelled.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>What an aborted read turns into on its way up, where it is not left as a cancellation.</summary>
    public Func<OperationCanceledException, Exception>? OnAbort { get; init; }

    public void Say(params ModelDelta[] deltas) => _chunks.Writer.TryWrite(new ModelChunk(deltas));

    public void Relay(ReadOnlyMemory<byte> raw, params ModelDelta[] deltas) => _chunks.Writer.TryWrite(new ModelChunk(deltas, raw));

    public void End(Exception? failure = null) => _chunks.Writer.TryComplete(failure);

    public async Task<ModelAnswer> CompleteAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var assembler = new ChatCompletionAssembler("id", "m", DateTimeOffset.UnixEpoch);
        await foreach (var chunk in StreamAsync(call, cancellationToken))
            foreach (var delta in chunk.Deltas) assembler.Add(delta);
        return assembler.ToAnswer();
    }

    public async IAsyncEnumerable<ModelChunk> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (await WaitAsync(cancellationToken))
                while (_chunks.Reader.TryRead(out var chunk)) yield return chunk;
        }
        finally
        {
            IsReleased = true;
        }
    }

    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _chunks.Reader.WaitToReadAsync(cancellationToken);
        }
        catch (OperationCanceledException e) when (OnAbort is not null)
        {
            throw OnAbort(e);
        }
    }
}
