using AiPlatform.Application.Chat.Wire;
using MediatR;

namespace AiPlatform.Application.Chat;

/// <summary>The response object as it is now, as JSON.</summary>
public sealed record GetResponse(string Id) : IRequest<ReadOnlyMemory<byte>>;

internal sealed class GetResponseHandler(IChatDb db, TimeProvider clock) : IRequestHandler<GetResponse, ReadOnlyMemory<byte>>
{
    public async Task<ReadOnlyMemory<byte>> Handle(GetResponse request, CancellationToken cancellationToken)
    {
        var response = await db.RequireResponseAsync(request.Id, clock.GetUtcNow(), cancellationToken);
        return ResponseJson.ToJson(response, await db.OutputOfAsync(response.Id, cancellationToken));
    }
}
