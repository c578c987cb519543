using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>
/// Makes sure that there is a workspace with an admin. With <c>ApiKey</c>, makes sure that this key works too; with <c>Announce</c>, makes a
/// sign-in link for the admin and, the first time, an API key.
/// </summary>
public sealed record BootstrapPlatform(string? ApiKey, bool Announce) : IRequest<BootstrapResult>;

/// <summary>What to tell whoever started the server. Secrets: never for a log.</summary>
public sealed record BootstrapResult(string? SignInToken, string? NewApiKey);

internal sealed class BootstrapPlatformHandler(IIdentityDb db, TimeProvider clock) : IRequestHandler<BootstrapPlatform, BootstrapResult>
{
    private static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    public async Task<BootstrapResult> Handle(BootstrapPlatform request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var admin = await db.Users.IgnoreQueryFilters().SingleOrDefaultAsync(user => user.IsOperator, cancellationToken);
        var isFirst = admin is null;
        if (admin is null)
        {
            var workspace = Workspace.Create("Default", now);
            admin = User.Create(workspace.Id, "admin@localhost", "Admin", Role.Admin, now, isOperator: true);
            db.Workspaces.Add(workspace);
            db.Users.Add(admin);
        }

        string? newKey = null;
        if (request.ApiKey is { } given)
        {
            var hash = Secret.Hash(given);
            if (!await db.ApiKeys.IgnoreQueryFilters().AnyAsync(key => key.Hash == hash, cancellationToken)) AddKey(given, "Bootstrap");
        }
        else if (isFirst && request.Announce)
        {
            newKey = Secret.New(ApiKey.SecretPrefix);
            AddKey(newKey, "First key");
        }

        string? token = null;
        if (request.Announce)
        {
            token = Secret.New(SessionSecrets.LinkPrefix);
            db.SignInLinks.Add(SignInLink.Create(admin, token, LinkLifetime, now));
        }

        await db.SaveChangesAsync(cancellationToken);
        return new BootstrapResult(token, newKey);

        void AddKey(string secret, string name) => db.ApiKeys.Add(ApiKey.Create(admin, secret, name, Scopes.All, now));
    }
}
