using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Recognises the person behind a session cookie; null where the session has ended or its user is disabled.</summary>
public sealed record AuthenticateSession(string Secret) : IRequest<Caller?>;

internal sealed class AuthenticateSessionHandler(IIdentityDb db, TimeProvider clock) : IRequestHandler<AuthenticateSession, Caller?>
{
    public async Task<Caller?> Handle(AuthenticateSession request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var hash = Secret.Hash(request.Secret);
        var user = await (
            from session in db.Sessions.IgnoreQueryFilters()
            join owner in db.Users.IgnoreQueryFilters() on session.UserId equals owner.Id
            where session.Hash == hash && session.ExpiresAt > now && owner.DisabledAt == null
            select owner).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        return user is null ? null : CallerOf(user);
    }

    /// <summary>What a signed-in person may do: everything their role allows.</summary>
    public static Caller CallerOf(User user) => new(
        user.WorkspaceId,
        user.Id,
        user.Role,
        user.IsOperator,
        ApiKeyId: null,
        user.Role is Role.Admin ? Scopes.All : [Scopes.Chat, Scopes.Embeddings, Scopes.Documents]);
}
