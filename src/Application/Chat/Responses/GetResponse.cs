using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using MediatR;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>The response object as it is now, as JSON: with all that its model has said so far, while it is in progress.</summary>
public sealed record GetResponse(string Id) : IRequest<ReadOnlyMemory<byte>>;

internal sealed class GetResponseHandler(IChatDb db, IRunLog runLog, TimeProvider clock) : IRequestHandler<GetResponse, ReadOnlyMemory<byte>>
{
    public async Task<ReadOnlyMemory<byte>> Handle(GetResponse request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var response = await db.RequireResponseAsync(request.Id, clock.GetUtcNow(), cancellationToken);
            if (response.IsFinal) return ResponseJson.ToJson(response, await db.OutputOfAsync(response.Id, cancellationToken));
            // It ended between the two looks.
            if (await runLog.ReadRunAsync(response.WorkspaceId, response.Id, cancellationToken) is not { } events) continue;
            response.Fold(events, clock.GetUtcNow());
            return ResponseJson.ToJson(response, response.Output.Select(ItemJson.ToJson));
        }
    }
}
