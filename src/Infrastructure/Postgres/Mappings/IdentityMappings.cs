using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Postgres.Mappings;

internal sealed class IdentityMappings :
    IEntityTypeConfiguration<Workspace>,
    IEntityTypeConfiguration<User>,
    IEntityTypeConfiguration<ApiKey>,
    IEntityTypeConfiguration<Session>,
    IEntityTypeConfiguration<SignInLink>
{
    private const string Schema = "identity";

    public void Configure(EntityTypeBuilder<Workspace> builder) => builder.ToTable("workspaces", Schema);

    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users", Schema);
        builder.HasOne<Workspace>().WithMany().HasForeignKey(user => user.WorkspaceId);
    }

    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys", Schema);
        builder.HasOne<User>().WithMany().HasForeignKey(key => key.UserId);
    }

    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions", Schema);
        builder.HasKey(session => session.Hash);
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId);
    }

    public void Configure(EntityTypeBuilder<SignInLink> builder)
    {
        builder.ToTable("sign_in_links", Schema);
        builder.HasKey(link => link.Hash);
        builder.HasOne<User>().WithMany().HasForeignKey(link => link.UserId);
    }
}
