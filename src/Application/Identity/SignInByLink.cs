using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Signs a person in by a one-time link, which is used up by it. The result is the new session's secret, for the cookie.</summary>
public sealed record SignInByLink(string Token) : IRequest<string>;

internal sealed class SignInByLinkValidator : AbstractValidator<SignInByLink>
{
    public SignInByLinkValidator() => RuleFor(request => request.Token).NotEmpty().MaximumLength(200);
}

internal sealed class SignInByLinkHandler(IIdentityDb db, TimeProvider clock) : IRequestHandler<SignInByLink, string>
{
    public async Task<string> Handle(SignInByLink request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var hash = Secret.Hash(request.Token);
        var user = await (
            from link in db.SignInLinks.IgnoreQueryFilters()
            join owner in db.Users.IgnoreQueryFilters() on link.UserId equals owner.Id
            where link.Hash == hash && link.ExpiresAt > now && owner.DisabledAt == null
            select owner).SingleOrDefaultAsync(cancellationToken);

        // The delete decides who used it: of two requests at once only one finds a row.
        var used = await db.SignInLinks.IgnoreQueryFilters().Where(link => link.Hash == hash).ExecuteDeleteAsync(cancellationToken);
        if (user is null || used == 0)
        {
            throw new Unauthenticated(
                "link_invalid", "This sign-in link has been used or has expired. Start the server again for a new one, or ask an admin of your workspace.");
        }

        return await SignInHandler.StartSessionAsync(db, user, now, cancellationToken);
    }
}
