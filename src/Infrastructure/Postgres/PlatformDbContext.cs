using System.Linq.Expressions;
using AiPlatform.Application.Chat;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge;
using AiPlatform.Application.Knowledge.VectorStores;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// The one database context, with a schema per module. Every tenant's row passes the workspace filter set up here; a context for which no caller is
/// known sees nothing.
/// </summary>
internal sealed class PlatformDbContext(DbContextOptions<PlatformDbContext> options, CallerContext caller) : DbContext(options), IIdentityDb, IChatDb, IKnowledgeDb
{
    public DbSet<Workspace> Workspaces => Set<Workspace>();
    public DbSet<User> Users => Set<User>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<SignInLink> SignInLinks => Set<SignInLink>();
    public DbSet<Conversation> Conversations => Set<Conversation>();
    public DbSet<Item> Items => Set<Item>();
    public DbSet<ConversationItem> ConversationItems => Set<ConversationItem>();
    public DbSet<Response> Responses => Set<Response>();
    public DbSet<ResponseItem> ResponseItems => Set<ResponseItem>();
    public DbSet<ResponseLog> ResponseLogs => Set<ResponseLog>();
    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();
    public DbSet<StoredFile> Files => Set<StoredFile>();
    public DbSet<FileText> FileTexts => Set<FileText>();
    public DbSet<Upload> Uploads => Set<Upload>();
    public DbSet<UploadPart> UploadParts => Set<UploadPart>();
    public DbSet<VectorStore> VectorStores => Set<VectorStore>();
    public DbSet<VectorStoreFile> VectorStoreFiles => Set<VectorStoreFile>();
    public DbSet<FileBatch> FileBatches => Set<FileBatch>();
    public DbSet<Evaluation> Evaluations => Set<Evaluation>();
    public DbSet<EvaluationQuestion> EvaluationQuestions => Set<EvaluationQuestion>();

    // Read by the query filters below, for each query anew.
    private CallerContext Caller => caller;

    public override async Task<int> SaveChangesAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { ConstraintName: "users_email_key" })
        {
            throw IdentityErrors.EmailTaken();
        }
        catch (DbUpdateException e) when (IsAttachmentRace(e.InnerException as PostgresException))
        {
            throw new AttachmentRace(e);
        }
    }

    public void Forget() => ChangeTracker.Clear();

    // The same file was attached by somebody else, or the file or the store has gone.
    private static bool IsAttachmentRace(PostgresException? e) =>
        e is { ConstraintName: "vector_store_files_once" } or { SqlState: PostgresErrorCodes.ForeignKeyViolation, SchemaName: "knowledge", TableName: "vector_store_files" or "file_batches" };

    protected override void ConfigureConventions(ModelConfigurationBuilder builder)
    {
        IdConverter.AddAll(builder);
        builder.Properties<Role>().HaveConversion<SnakeCaseEnumConverter<Role>>();
        builder.Properties<ResponseStatus>().HaveConversion<SnakeCaseEnumConverter<ResponseStatus>>();
        builder.Properties<FileStatus>().HaveConversion<SnakeCaseEnumConverter<FileStatus>>();
        builder.Properties<UploadStatus>().HaveConversion<SnakeCaseEnumConverter<UploadStatus>>();
        builder.Properties<VectorStoreFileStatus>().HaveConversion<SnakeCaseEnumConverter<VectorStoreFileStatus>>();
        builder.Properties<EvaluationStatus>().HaveConversion<SnakeCaseEnumConverter<EvaluationStatus>>();
        builder.Properties<IngestionStep>().HaveConversion<SnakeCaseEnumConverter<IngestionStep>>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.ApplyConfigurationsFromAssembly(typeof(PlatformDbContext).Assembly);
        foreach (var entity in model.Model.GetEntityTypes().ToList())
        {
            foreach (var property in entity.GetProperties()) property.SetColumnName(SnakeCase.Of(property.Name));
            if (typeof(IBelongToWorkspace).IsAssignableFrom(entity.ClrType)) entity.SetQueryFilter(FilterOf(entity.ClrType));
        }

        model.Entity<Workspace>().HasQueryFilter(workspace => Caller.IsSystem || workspace.Id == Caller.WorkspaceId);
    }

    private LambdaExpression FilterOf(Type entity)
    {
        var row = Expression.Parameter(entity, "row");
        var context = Expression.Property(Expression.Constant(this), nameof(Caller));
        return Expression.Lambda(
            Expression.OrElse(
                Expression.Property(context, nameof(CallerContext.IsSystem)),
                Expression.Equal(
                    Expression.Property(row, nameof(IBelongToWorkspace.WorkspaceId)),
                    Expression.Property(context, nameof(CallerContext.WorkspaceId)))),
            row);
    }
}
