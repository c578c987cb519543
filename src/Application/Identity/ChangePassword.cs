using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>
/// Sets the caller's password, and on the way their name and e-mail address. The current password is asked for where there is one.
/// All other sessions of this person end.
/// </summary>
public sealed record ChangePassword(string Secret, string NewPassword, string? CurrentPassword, string? Email, string? Name) : IRequest;

internal sealed class ChangePasswordValidator : AbstractValidator<ChangePassword>
{
    public ChangePasswordValidator()
    {
        RuleFor(request => request.NewPassword).NotEmpty().Length(User.PasswordMinLength, User.PasswordMaxLength);
        RuleFor(request => request.Email).EmailAddress().MaximumLength(User.EmailMaxLength);
        RuleFor(request => request.Name).MaximumLength(User.NameMaxLength);
    }
}

internal sealed class ChangePasswordHandler(IIdentityDb db, ICaller caller, IPasswords passwords) : AsyncRequestHandler<ChangePassword>
{
    protected override async Task Handle(ChangePassword request, CancellationToken cancellationToken)
    {
        var me = caller.Current.UserId;
        var user = await db.Users.SingleAsync(user => user.Id == me, cancellationToken);
        if (user.PasswordHash is not null && !passwords.Verify(user.PasswordHash, request.CurrentPassword ?? ""))
            throw new InvalidRequest("wrong_password", "The current password is wrong.", "current_password");

        var email = User.NormaliseEmail(request.Email ?? user.Email);
        if (email != user.Email && await db.Users.IgnoreQueryFilters().AnyAsync(other => other.Email == email, cancellationToken))
            throw IdentityErrors.EmailTaken();

        user.ChangePassword(passwords.Hash(request.NewPassword));
        user.Introduce(email, string.IsNullOrWhiteSpace(request.Name) ? user.Name : request.Name.Trim());
        await db.SaveChangesAsync(cancellationToken);
        var current = Secret.Hash(request.Secret);
        await db.Sessions.Where(session => session.UserId == me && session.Hash != current).ExecuteDeleteAsync(cancellationToken);
    }
}
