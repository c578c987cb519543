using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Makes a workspace with its first admin, who signs in by the token in the result. For the operator of the installation.</summary>
public sealed record CreateWorkspace(string Name, string AdminEmail, string? AdminName) : IRequest<CreatedWorkspace>;

public sealed record CreatedWorkspace(WorkspaceView Workspace, UserView Admin, string SignInToken);

internal sealed class CreateWorkspaceValidator : AbstractValidator<CreateWorkspace>
{
    public CreateWorkspaceValidator()
    {
        RuleFor(request => request.Name).NotEmpty().IsLine(Workspace.NameMaxLength);
        RuleFor(request => request.AdminEmail).NotEmpty().EmailAddress().IsLine(User.EmailMaxLength);
        RuleFor(request => request.AdminName).IsLine(User.NameMaxLength);
    }
}

internal sealed class CreateWorkspaceHandler(IIdentityDb db, ICaller caller, TimeProvider clock) : IRequestHandler<CreateWorkspace, CreatedWorkspace>
{
    public async Task<CreatedWorkspace> Handle(CreateWorkspace request, CancellationToken cancellationToken)
    {
        if (!caller.Current.IsOperator) throw new Denied("not_operator", "Only the operator of this installation can create workspaces.");
        var email = User.NormaliseEmail(request.AdminEmail);
        await InviteUserHandler.RequireFreeEmailAsync(db, email, cancellationToken);
        var now = clock.GetUtcNow();
        var workspace = Workspace.Create(request.Name.Trim(), now);
        var admin = User.Create(workspace.Id, email, request.AdminName?.Trim() ?? "", Role.Admin, now);
        var token = Secret.New(SessionSecrets.LinkPrefix);
        db.Workspaces.Add(workspace);
        db.Users.Add(admin);
        db.SignInLinks.Add(SignInLink.Create(admin, token, InviteUserHandler.LinkLifetime, now));
        await db.SaveChangesAsync(cancellationToken);
        return new CreatedWorkspace(WorkspaceView.Of(workspace), UserView.Of(admin), token);
    }
}
