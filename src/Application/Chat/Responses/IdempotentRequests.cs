using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>
/// Lets a request that names itself (<c>Idempotency-Key</c>) be sent again without harm: within 24 hours a repeat finds the response that the first made.
/// </summary>
internal sealed class IdempotentRequests(IChatDb db, TimeProvider clock)
{
    public const int MaxLength = 255;
    private const string Endpoint = "responses";

    /// <summary>The response of an earlier request with this key. Throws where that request asked for something else.</summary>
    public async Task<Response?> FindAsync(string key, byte[] bodyHash, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var found = await (
            from taken in db.IdempotencyKeys.AsNoTracking()
            join response in db.Responses on taken.ResponseId equals response.Id
            where taken.Endpoint == Endpoint && taken.Key == key && taken.ExpiresAt > now
            select new { taken.BodyHash, Response = response }).SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            // One that has outlived its time is in nobody's way.
            await db.IdempotencyKeys.Where(old => old.Endpoint == Endpoint && old.Key == key && old.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
            return null;
        }

        if (found.BodyHash.AsSpan().SequenceEqual(bodyHash)) return found.Response;
        throw new RuleBroken("idempotency_key_reused", "This Idempotency-Key was used for a request with another body. Use a new key for a new request.");
    }

    public IdempotencyKey KeyOf(Response response, string key, byte[] bodyHash) => new(response.WorkspaceId, Endpoint, key, bodyHash, response.Id, clock.GetUtcNow());
}
