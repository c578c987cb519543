using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>
/// A chat model without a model: it quotes the sentences of the given text that best answer the last question. Needs no network and no key,
/// and answers the same request always the same.
/// </summary>
internal sealed class OfflineChatModel(ITokenCounter tokens, TimeProvider clock) : IChatModel
{
    // As OpenAI's models are counted: what frames each message, and what opens the answer.
    private const int TokensPerMessage = 3;
    private const int TokensOfOpening = 3;
    private const int ChunksBetweenYields = 16;

    private readonly OfflineComposer _composer = new(tokens);

    public async Task<ModelAnswer> CompleteAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var answer = new ChatCompletionAssembler(NewId("chatcmpl-"), call.Model.Id, clock.GetUtcNow());
        await foreach (var chunk in StreamAsync(call, cancellationToken))
            foreach (var delta in chunk.Deltas) answer.Add(delta);
        return answer.ToAnswer();
    }

    public async IAsyncEnumerable<ModelChunk> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reply = _composer.Compose(call.Request, cancellationToken);
        var choices = Enumerable.Range(0, Math.Max(1, call.Request.N ?? 1)).ToArray();
        if (reply.ToolName is { } tool) yield return Chunk(choices, choice => new ModelDelta.ToolCall(choice, 0, NewId("call_"), tool, ""));

        for (var i = 0; i < reply.Pieces.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (i % ChunksBetweenYields == 0) await Task.Yield();
            var piece = reply.Pieces[i];
            yield return Chunk(choices, choice => reply.ToolName is null ? new ModelDelta.Text(choice, piece) : new ModelDelta.ToolCall(choice, 0, null, null, piece));
        }

        yield return Chunk(choices, choice => new ModelDelta.Finish(choice, reply.FinishReason));
        yield return new ModelChunk([new ModelDelta.Usage(UsageOf(call.Request, reply, choices.Length))]);
    }

    private TokenUsage UsageOf(ChatCompletionRequest request, OfflineReply reply, int choices)
    {
        var input = TokensOfOpening;
        foreach (var message in request.Messages)
        {
            input += TokensPerMessage + Count(MessageText.Of(message.Content));
            foreach (var call in message.ToolCalls ?? []) input += Count(call.Function?.Name) + Count(call.Function?.Arguments);
        }

        foreach (var tool in request.Tools ?? []) input += Count(tool.Function?.Name) + Count(tool.Function?.Description) + Count(tool.Function?.Parameters?.GetRawText());
        return new TokenUsage(input, choices * (Count(reply.ToolName) + Count(string.Concat(reply.Pieces))));
    }

    private int Count(string? text) => text is null ? 0 : tokens.Count(OfflineProvider.ChatModel, text);

    private static ModelChunk Chunk(int[] choices, Func<int, ModelDelta> delta) => new(Array.ConvertAll(choices, choice => delta(choice)));

    private static string NewId(string prefix) => prefix + RandomNumberGenerator.GetHexString(32, lowercase: true);
}
