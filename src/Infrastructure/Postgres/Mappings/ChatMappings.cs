using System.Text.Json;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Postgres.Mappings;

/// <summary>JSON that clients see is kept as <c>json</c>, not <c>jsonb</c>: to the byte, and free to hold the <c>\u0000</c> that models can write.</summary>
internal sealed class ChatMappings :
    IEntityTypeConfiguration<Conversation>,
    IEntityTypeConfiguration<Item>,
    IEntityTypeConfiguration<ConversationItem>,
    IEntityTypeConfiguration<Response>,
    IEntityTypeConfiguration<ResponseItem>,
    IEntityTypeConfiguration<ResponseLog>,
    IEntityTypeConfiguration<IdempotencyKey>
{
    private const string Schema = "chat";

    public void Configure(EntityTypeBuilder<Conversation> builder)
    {
        builder.ToTable("conversations", Schema);
        builder.Property(conversation => conversation.Metadata).IsMetadata();
    }

    public void Configure(EntityTypeBuilder<Item> builder)
    {
        builder.ToTable("items", Schema);
        builder.Property(item => item.Json).HasColumnType("json");
    }

    public void Configure(EntityTypeBuilder<ConversationItem> builder)
    {
        builder.ToTable("conversation_items", Schema);
        builder.HasKey(place => place.Position);
        builder.Property(place => place.Position).UseIdentityAlwaysColumn();
        builder.HasOne<Conversation>().WithMany().HasForeignKey(place => place.ConversationId);
        builder.HasOne<Item>().WithMany().HasForeignKey(place => place.ItemId);
    }

    public void Configure(EntityTypeBuilder<Response> builder)
    {
        builder.ToTable("responses", Schema);
        builder.Ignore(response => response.Output);
        builder.Ignore(response => response.IsStored);
        builder.Property(response => response.Settings).HasColumnType("json");
        builder.Property(response => response.Request).HasColumnType("json");
        builder.Property(response => response.Usage).HasColumnType("json").HasConversion(
            usage => JsonSerializer.Serialize(usage, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<TokenUsage>(json, JsonSerializerOptions.Default)!);
        builder.HasOne<Conversation>().WithMany().HasForeignKey(response => response.ConversationId);
    }

    public void Configure(EntityTypeBuilder<ResponseItem> builder)
    {
        builder.ToTable("response_items", Schema);
        builder.HasKey(place => new { place.ResponseId, place.Ordinal });
        builder.HasOne<Response>().WithMany().HasForeignKey(place => place.ResponseId);
        builder.HasOne<Item>().WithMany().HasForeignKey(place => place.ItemId);
    }

    public void Configure(EntityTypeBuilder<ResponseLog> builder)
    {
        builder.ToTable("response_logs", Schema);
        builder.HasKey(log => log.ResponseId);
        builder.HasOne<Response>().WithOne().HasForeignKey<ResponseLog>(log => log.ResponseId);
    }

    public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
    {
        builder.ToTable("idempotency_keys", Schema);
        builder.HasKey(key => new { key.WorkspaceId, key.Endpoint, key.Key });
        builder.HasOne<Response>().WithMany().HasForeignKey(key => key.ResponseId);
    }
}
