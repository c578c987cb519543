using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Recognises the caller behind an API key; null where the key is unknown, revoked or expired, or its owner disabled.</summary>
public sealed record AuthenticateApiKey(string Key) : IRequest<Caller?>;

internal sealed class AuthenticateApiKeyHandler(IIdentityDb db, TimeProvider clock) : IRequestHandler<AuthenticateApiKey, Caller?>
{
    private static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);

    public async Task<Caller?> Handle(AuthenticateApiKey request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var hash = Secret.Hash(request.Key);
        // Nobody is known yet, so this one lookup goes across workspaces: by the hash of a 256-bit secret.
        var found = await (
            from key in db.ApiKeys.IgnoreQueryFilters().AsNoTracking()
            join user in db.Users.IgnoreQueryFilters() on key.UserId equals user.Id
            where key.Hash == hash && user.DisabledAt == null
            select new { Key = key, user.Role }).SingleOrDefaultAsync(cancellationToken);
        if (found is null || !found.Key.IsUsable(now)) return null;

        if (found.Key.LastUsedAt is null || now - found.Key.LastUsedAt > LastUsedPrecision)
        {
            await db.ApiKeys.IgnoreQueryFilters().Where(key => key.Id == found.Key.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(key => key.LastUsedAt, now), cancellationToken);
        }

        // A key never outgrows its owner: an admin who became a member takes the admin scope along.
        var scopes = found.Key.Scopes.Where(scope => scope != Scopes.Admin || found.Role is Role.Admin).ToArray();
        return new Caller(found.Key.WorkspaceId, found.Key.UserId, found.Role, IsOperator: false, found.Key.Id, scopes);
    }
}
