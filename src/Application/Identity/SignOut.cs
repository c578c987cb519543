using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Ends the session of this secret.</summary>
public sealed record SignOut(string Secret) : IRequest;

internal sealed class SignOutHandler(IIdentityDb db) : AsyncRequestHandler<SignOut>
{
    protected override async Task Handle(SignOut request, CancellationToken cancellationToken)
    {
        var hash = Secret.Hash(request.Secret);
        await db.Sessions.Where(session => session.Hash == hash).ExecuteDeleteAsync(cancellationToken);
    }
}
