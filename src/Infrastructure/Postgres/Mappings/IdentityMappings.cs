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

    public void Configure(EntityTypeBuilder<User> builder) => builder.ToTable("users", Schema);

    public void Configure(EntityTypeBuilder<ApiKey> builder) => builder.ToTable("api_keys", Schema);

    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("sessions", Schema);
        builder.HasKey(session => session.Hash);
    }

    public void Configure(EntityTypeBuilder<SignInLink> builder)
    {
        builder.ToTable("sign_in_links", Schema);
        builder.HasKey(link => link.Hash);
    }
}
