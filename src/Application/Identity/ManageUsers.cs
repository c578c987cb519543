using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Adds a person to the caller's workspace. The result carries the token of their first sign-in link.</summary>
public sealed record InviteUser(string Email, string? Name, string Role) : IRequest<InvitedUser>;

public sealed record InvitedUser(UserView User, string SignInToken);

internal sealed class InviteUserValidator : AbstractValidator<InviteUser>
{
    public InviteUserValidator()
    {
        RuleFor(request => request.Email).NotEmpty().EmailAddress().MaximumLength(User.EmailMaxLength);
        RuleFor(request => request.Name).MaximumLength(User.NameMaxLength);
        RuleFor(request => request.Role).Must(role => RoleNames.All.Contains(role)).WithMessage("It must be 'member' or 'admin'.");
    }
}

internal sealed class InviteUserHandler(IIdentityDb db, ICaller caller, TimeProvider clock) : IRequestHandler<InviteUser, InvitedUser>
{
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromDays(7);

    public async Task<InvitedUser> Handle(InviteUser request, CancellationToken cancellationToken)
    {
        var email = User.NormaliseEmail(request.Email);
        await RequireFreeEmailAsync(db, email, cancellationToken);
        var now = clock.GetUtcNow();
        var user = User.Create(caller.Current.WorkspaceId, email, request.Name?.Trim() ?? "", RoleNames.Parse(request.Role), now);
        var token = Secret.New(SessionSecrets.LinkPrefix);
        db.Users.Add(user);
        db.SignInLinks.Add(SignInLink.Create(user, token, LinkLifetime, now));
        await db.SaveChangesAsync(cancellationToken);
        return new InvitedUser(UserView.Of(user), token);
    }

    public static async Task RequireFreeEmailAsync(IIdentityDb db, string email, CancellationToken cancellationToken)
    {
        if (await db.Users.IgnoreQueryFilters().AnyAsync(user => user.Email == email, cancellationToken))
            throw IdentityErrors.EmailTaken();
    }
}

public sealed record ListUsers : IRequest<Page<UserView>>;

internal sealed class ListUsersHandler(IIdentityDb db) : IRequestHandler<ListUsers, Page<UserView>>
{
    public async Task<Page<UserView>> Handle(ListUsers request, CancellationToken cancellationToken)
    {
        var users = await db.Users.AsNoTracking().OrderBy(user => user.Id).ToListAsync(cancellationToken);
        return Page.Whole(users.Select(UserView.Of), user => user.Id);
    }
}

/// <summary>Shuts a person out: sessions and links end, their keys stop working. What they made stays.</summary>
public sealed record DisableUser(string Id) : IRequest<UserView>;

internal sealed class DisableUserHandler(IIdentityDb db, ICaller caller, TimeProvider clock) : IRequestHandler<DisableUser, UserView>
{
    public async Task<UserView> Handle(DisableUser request, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<UserId>(request.Id);
        var user = await db.Users.SingleOrDefaultAsync(user => user.Id == id, cancellationToken) ?? throw NotFound.Of("User", request.Id);
        if (user.Id == caller.Current.UserId) throw new RuleBroken("user.is_self", "You cannot remove yourself; ask another admin.");
        user.Disable(clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        await db.Sessions.Where(session => session.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await db.SignInLinks.Where(link => link.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        return UserView.Of(user);
    }
}
