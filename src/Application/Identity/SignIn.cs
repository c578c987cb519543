using AiPlatform.Application.Common;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Signs a person in by e-mail address and password. The result is the new session's secret, for the cookie.</summary>
public sealed record SignIn(string Email, string Password) : IRequest<string>;

internal sealed class SignInValidator : AbstractValidator<SignIn>
{
    public SignInValidator()
    {
        RuleFor(request => request.Email).NotEmpty().IsLine(User.EmailMaxLength);
        RuleFor(request => request.Password).NotEmpty().MaximumLength(User.PasswordMaxLength);
    }
}

internal sealed class SignInHandler(IIdentityDb db, IPasswords passwords, SignInAttempts attempts, TimeProvider clock) : IRequestHandler<SignIn, string>
{
    public async Task<string> Handle(SignIn request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var email = User.NormaliseEmail(request.Email);
        attempts.Check(email, now);
        var user = await db.Users.IgnoreQueryFilters().SingleOrDefaultAsync(user => user.Email == email && user.DisabledAt == null, cancellationToken);
        if (!passwords.Verify(user?.PasswordHash, request.Password) || user is null)
        {
            attempts.Failed(email, now);
            throw new Unauthenticated("wrong_credentials", "The e-mail address or the password is wrong.");
        }

        attempts.Succeeded(email);
        return await StartSessionAsync(db, user, now, cancellationToken);
    }

    public static async Task<string> StartSessionAsync(IIdentityDb db, User user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var secret = Secret.New(SessionSecrets.Prefix);
        db.Sessions.Add(Session.Create(user, secret, now));
        await db.SaveChangesAsync(cancellationToken);
        return secret;
    }
}
