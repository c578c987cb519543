using AiPlatform.Application.Identity.Contracts;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Shows the signed-in person who they are. <c>Secret</c> is the session's own, from the cookie.</summary>
public sealed record GetSession(string Secret) : IRequest<SessionView>;

internal sealed class GetSessionHandler(IIdentityDb db, ICaller caller) : IRequestHandler<GetSession, SessionView>
{
    public async Task<SessionView> Handle(GetSession request, CancellationToken cancellationToken)
    {
        var me = caller.Current;
        var user = await db.Users.AsNoTracking().SingleAsync(user => user.Id == me.UserId, cancellationToken);
        var workspace = await db.Workspaces.AsNoTracking().SingleAsync(workspace => workspace.Id == me.WorkspaceId, cancellationToken);
        return new SessionView(UserView.Of(user), WorkspaceView.Of(workspace), SessionSecrets.CsrfTokenOf(request.Secret), user.PasswordHash is not null);
    }
}
