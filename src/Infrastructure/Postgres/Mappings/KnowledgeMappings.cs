using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiPlatform.Infrastructure.Postgres.Mappings;

/// <summary>Deleted stores and files that are not whole are filtered where they are asked for: clearing away must see them.</summary>
internal sealed class KnowledgeMappings :
    IEntityTypeConfiguration<StoredFile>,
    IEntityTypeConfiguration<FileText>,
    IEntityTypeConfiguration<Upload>,
    IEntityTypeConfiguration<UploadPart>,
    IEntityTypeConfiguration<VectorStore>,
    IEntityTypeConfiguration<VectorStoreFile>,
    IEntityTypeConfiguration<FileBatch>,
    IEntityTypeConfiguration<Evaluation>,
    IEntityTypeConfiguration<EvaluationQuestion>
{
    private const string Schema = "knowledge";

    public void Configure(EntityTypeBuilder<StoredFile> builder)
    {
        builder.ToTable("files", Schema);
        builder.Ignore(file => file.StorageKey);
    }

    public void Configure(EntityTypeBuilder<FileText> builder)
    {
        builder.ToTable("file_texts", Schema);
        builder.HasKey(text => text.FileId);
        builder.HasOne<StoredFile>().WithOne().HasForeignKey<FileText>(text => text.FileId);
    }

    public void Configure(EntityTypeBuilder<Upload> builder)
    {
        builder.ToTable("uploads", Schema);
        // Of those who complete or cancel it at once, one does.
        builder.Property(upload => upload.Status).IsConcurrencyToken();
    }

    public void Configure(EntityTypeBuilder<UploadPart> builder)
    {
        builder.ToTable("upload_parts", Schema);
        builder.Ignore(part => part.StorageKey);
        builder.HasOne<Upload>().WithMany().HasForeignKey(part => part.UploadId);
    }

    public void Configure(EntityTypeBuilder<VectorStore> builder)
    {
        builder.ToTable("vector_stores", Schema);
        builder.Ignore(store => store.ExpiresAt);
        // Whoever changes a store changes one that is not deleted.
        builder.Property(store => store.DeletedAt).IsConcurrencyToken();
        builder.Property(store => store.Metadata).IsMetadata();
    }

    public void Configure(EntityTypeBuilder<VectorStoreFile> builder)
    {
        builder.ToTable("vector_store_files", Schema);
        builder.Ignore(file => file.Chunking);
        builder.Ignore(file => file.OverallProgress);
        // Whoever begins a file anew begins the one that was seen to have ended.
        builder.Property(file => file.Epoch).IsConcurrencyToken();
        builder.Property(file => file.Attributes).HasColumnType("jsonb");
        builder.HasOne<VectorStore>().WithMany().HasForeignKey(file => file.VectorStoreId);
        builder.HasOne<StoredFile>().WithMany().HasForeignKey(file => file.FileId);
    }

    public void Configure(EntityTypeBuilder<FileBatch> builder)
    {
        builder.ToTable("file_batches", Schema);
        builder.HasOne<VectorStore>().WithMany().HasForeignKey(batch => batch.VectorStoreId);
    }
    // The store is not a foreign key: what was measured stays when the store goes.
    public void Configure(EntityTypeBuilder<Evaluation> builder)
    {
        builder.ToTable("evaluations", Schema);
        builder.Property(evaluation => evaluation.Settings).HasColumnType("json");
        builder.Property(evaluation => evaluation.Metrics).HasColumnType("json");
    }

    public void Configure(EntityTypeBuilder<EvaluationQuestion> builder)
    {
        builder.ToTable("evaluation_questions", Schema);
        builder.HasKey(question => new { question.EvaluationId, question.Ordinal });
        builder.HasOne<Evaluation>().WithMany().HasForeignKey(question => question.EvaluationId);
        builder.Property(question => question.Relevant).HasColumnType("json");
        builder.Property(question => question.Hits).HasColumnType("json");
    }
}
