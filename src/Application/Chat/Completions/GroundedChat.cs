using System.Runtime.CompilerServices;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Usage;

namespace AiPlatform.Application.Chat.Completions;

/// <summary>What a chat completion from documents brings: a delta as any model brings it, or a citation that stands where the text has come to.</summary>
internal readonly record struct GroundedDelta(ModelDelta? Delta, FileCitation? Citation = null);

/// <summary>Answers a chat completion from documents: calls the model as often as it searches, and makes one answer of it.</summary>
internal sealed class GroundedChat(IChatModel models, DocumentSearches searches, IDocumentSearch documents, ICaller caller, TimeProvider clock)
{
    /// <summary>What the model may search; null where the request names no documents, or they are not to be used. Those it names must be there in any case.</summary>
    public async Task<FileSearchTool?> ToolOfAsync(ChatCompletionRequest request, CancellationToken cancellationToken)
    {
        if (FileSearchTool.In(request) is not { } tool) return null;
        await documents.RequireStoresAsync(caller.Current.WorkspaceId, tool.StoreIds, $"{tool.Param}.vector_store_ids", cancellationToken);
        return FileSearchTool.UsableIn(request);
    }

    public async IAsyncEnumerable<GroundedDelta> StreamAsync(FileSearchTool tool, ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var context = searches.Begin(tool, call, Guid.CreateVersion7(clock.GetUtcNow()));
        var (spent, length) = ((TokenUsage?)null, 0);
        for (var number = 0; ; number++)
        {
            if (context.MustSearchNow) await SearchAsync([context.Questions], "", number);
            var round = new ChatRound(context, searches.Metrics, length);
            var next = context.NextCall();
            await using var chunks = models.StreamAsync(next, cancellationToken).GetAsyncEnumerator(cancellationToken);
            var isRefused = false;
            while (true)
            {
                try
                {
                    if (!await chunks.MoveNextAsync()) break;
                }
                catch (UpstreamFailed e) when (!round.HasContent && searches.IsRefusalOfTools(context, next, e))
                {
                    isRefused = true;
                    break;
                }

                foreach (var delta in chunks.Current.Deltas.SelectMany(round.On)) yield return delta;
            }

            if (isRefused) continue;
            foreach (var delta in round.Flush()) yield return delta;
            length = round.Length;
            spent = round.Usage is { } usage ? usage.With(spent) : spent;
            var calls = round.Calls(clock);
            if (context.SearchesIn(calls) is { Count: > 0 } wanted)
            {
                await SearchAsync(wanted, round.Said, number);
                continue;
            }

            foreach (var delta in round.Ending(calls)) yield return new GroundedDelta(delta);
            if (spent is not null) yield return new GroundedDelta(new ModelDelta.Usage(spent));
            yield break;
        }

        async Task SearchAsync(IReadOnlyList<IReadOnlyList<string>> wanted, string said, int round)
        {
            var found = await Task.WhenAll(wanted.Select(queries => searches.SearchAsync(caller.Current.WorkspaceId, tool, queries, patience: TimeSpan.Zero, cancellationToken)));
            for (var i = 0; i < wanted.Count; i++) context.Add($"call_{round}_{i}", i == 0 ? said : "", wanted[i], found[i]);
        }
    }
}
