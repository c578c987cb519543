using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Identity's tables. Queries see the caller's workspace only, unless they say <c>IgnoreQueryFilters</c>.</summary>
public interface IIdentityDb
{
    DbSet<Workspace> Workspaces { get; }
    DbSet<User> Users { get; }
    DbSet<ApiKey> ApiKeys { get; }
    DbSet<Session> Sessions { get; }
    DbSet<SignInLink> SignInLinks { get; }

    Task<int> SaveChangesAsync(CancellationToken cancellationToken);
}
