using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Deletes sessions and sign-in links past their time. Work for no workspace.</summary>
public sealed record PurgeExpiredSessions : IRequest<int>;

internal sealed class PurgeExpiredSessionsHandler(IIdentityDb db, TimeProvider clock) : IRequestHandler<PurgeExpiredSessions, int>
{
    public async Task<int> Handle(PurgeExpiredSessions request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.Sessions.Where(session => session.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken)
            + await db.SignInLinks.Where(link => link.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
    }
}
