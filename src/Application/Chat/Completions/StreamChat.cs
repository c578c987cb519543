using System.Buffers;
using System.Runtime.CompilerServices;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
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

internal sealed class StreamChatHandler(IModelCatalogue catalogue, IChatModel models, GroundedChat grounded, TimeProvider clock) : IRequestHandler<StreamChat, IAsyncEnumerable<WireEvent>>
{
    private static readonly ReadOnlyMemory<byte> Done = "[DONE]"u8.ToArray();

    public async Task<IAsyncEnumerable<WireEvent>> Handle(StreamChat request, CancellationToken cancellationToken)
    {
        var model = await catalogue.RequireAsync(request.Body.Model, cancellationToken);
        var call = new ModelCall(model, request.Body);
        return await grounded.ToolOfAsync(request.Body, cancellationToken) is { } tool
            ? StreamFromDocuments(tool, call, cancellationToken)
            : Stream(call with { Request = request.Body with { FileSearch = null } }, cancellationToken);
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

    /// <summary>The last text is held back until it is known to be the last: it brings the annotations.</summary>
    private async IAsyncEnumerable<WireEvent> StreamFromDocuments(FileSearchTool tool, ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wantsUsage = call.Request.StreamOptions?.IncludeUsage is true;
        var writer = new ChunkWriter(call.Model.Id, clock.GetUtcNow());
        var citations = new List<FileCitation>();
        ModelDelta.Text? last = null;
        await foreach (var (delta, citation) in grounded.StreamAsync(tool, call, cancellationToken))
        {
            if (citation is not null) citations.Add(citation);
            if (delta is ModelDelta.Text text)
            {
                if (last is not null) yield return new WireEvent(null, writer.Write(last));
                last = text;
                continue;
            }

            // Only what ends an answer follows its last text for certain.
            if (delta is ModelDelta.ToolCall or ModelDelta.Finish && (last is not null || citations.Count > 0))
            {
                yield return new WireEvent(null, writer.Write(last ?? new ModelDelta.Text(0, ""), citations.Count > 0 ? ItemJson.ToJson(citations) : null));
                (last, citations) = (null, []);
            }

            if (delta is not null && (wantsUsage || delta is not ModelDelta.Usage)) yield return new WireEvent(null, writer.Write(delta));
        }

        yield return new WireEvent(null, Done);
    }

    /// <summary>Words deltas as chunks, for models whose vendor speaks another protocol.</summary>
    private sealed class ChunkWriter(string model, DateTimeOffset created)
    {
        private readonly string _id = "chatcmpl-" + Guid.CreateVersion7(created).ToString("n");
        private readonly HashSet<int> _opened = [];

        public ReadOnlyMemory<byte> Write(ModelDelta delta, string? annotations = null)
        {
            var buffer = new ArrayBufferWriter<byte>(256);
            using var json = WireJson.Writer(buffer);
            ChatJson.WriteChunk(json, _id, model, created, delta, first: delta is not ModelDelta.Usage && _opened.Add(ChatJson.ChoiceOf(delta)), annotations);
            json.Flush();
            return buffer.WrittenMemory;
        }
    }
}
