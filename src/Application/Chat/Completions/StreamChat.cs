using System.Buffers;
using System.Runtime.CompilerServices;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat.Completions;

/// <summary>
/// Answers a chat completion as a stream of <c>chat.completion.chunk</c> objects and a final <c>[DONE]</c>. Nothing is kept: ending the enumeration ends
/// the model's work.
/// </summary>
public sealed record StreamChat(ChatCompletionRequest Body) : IRequest<IAsyncEnumerable<WireEvent>>;

internal sealed class StreamChatValidator : AbstractValidator<StreamChat>
{
    public StreamChatValidator() => RuleFor(request => request.Body).SetValidator(new ChatCompletionRules());
}

internal sealed class StreamChatHandler(IModelCatalogue catalogue, IChatModel models, TimeProvider clock) : IRequestHandler<StreamChat, IAsyncEnumerable<WireEvent>>
{
    private static readonly ReadOnlyMemory<byte> Done = "[DONE]"u8.ToArray();

    public async Task<IAsyncEnumerable<WireEvent>> Handle(StreamChat request, CancellationToken cancellationToken)
    {
        var model = await catalogue.RequireAsync(request.Body.Model, cancellationToken);
        return Stream(new ModelCall(model, request.Body), cancellationToken);
    }

    private async IAsyncEnumerable<WireEvent> Stream(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wantsUsage = call.Request.StreamOptions?.IncludeUsage is true;
        var writer = new ChunkWriter(call.Model.Id, clock.GetUtcNow());
        await foreach (var chunk in models.StreamAsync(call, cancellationToken))
        {
            // Usage is asked of every vendor; a client that did not ask does not expect a chunk without choices.
            if (!wantsUsage && chunk.Deltas is [ModelDelta.Usage]) continue;
            if (!chunk.Raw.IsEmpty)
            {
                yield return new WireEvent(null, chunk.Raw);
                continue;
            }

            foreach (var delta in chunk.Deltas)
                if (wantsUsage || delta is not ModelDelta.Usage) yield return new WireEvent(null, writer.Write(delta));
        }

        yield return new WireEvent(null, Done);
    }

    /// <summary>Words deltas as chunks, for models whose vendor speaks another protocol.</summary>
    private sealed class ChunkWriter(string model, DateTimeOffset created)
    {
        private readonly string _id = "chatcmpl-" + Guid.CreateVersion7(created).ToString("n");
        private readonly HashSet<int> _opened = [];

        public ReadOnlyMemory<byte> Write(ModelDelta delta)
        {
            var buffer = new ArrayBufferWriter<byte>(256);
            using var json = WireJson.Writer(buffer);
            ChatJson.WriteChunk(json, _id, model, created, delta, first: delta is not ModelDelta.Usage && _opened.Add(ChatJson.ChoiceOf(delta)));
            json.Flush();
            return buffer.WrittenMemory;
        }
    }
}
