namespace AiPlatform.Application.Inference.Contracts;

/// <summary>
/// The chat port: one call to one model. Throws <see cref="UpstreamFailed"/> for whatever the vendor does wrong, before or after the first chunk;
/// a stream that ends without throwing is a whole answer. Cancelling the token ends the vendor's call at once.
/// </summary>
public interface IChatModel
{
    Task<ModelAnswer> CompleteAsync(ModelCall call, CancellationToken cancellationToken);

    IAsyncEnumerable<ModelChunk> StreamAsync(ModelCall call, CancellationToken cancellationToken);
}

/// <summary>What is asked of which model. <see cref="Request"/>'s own <c>Model</c> is what the client wrote; the vendor gets <see cref="ModelDescriptor.UpstreamName"/>.</summary>
public sealed record ModelCall(ModelDescriptor Model, ChatCompletionRequest Request);
