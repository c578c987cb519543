using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores.FileBatches;

public sealed record GetFileBatch(string StoreId, string BatchId) : IRequest<FileBatchView>;

internal sealed class GetFileBatchHandler(IKnowledgeDb db) : IRequestHandler<GetFileBatch, FileBatchView>
{
    public async Task<FileBatchView> Handle(GetFileBatch request, CancellationToken cancellationToken) =>
        await db.ShowAsync(await db.RequireBatchAsync(request.StoreId, request.BatchId, cancellationToken), cancellationToken);
}

public sealed record ListFileBatchFiles(string StoreId, string BatchId, CursorRequest Page, string? Filter) : IRequest<Page<VectorStoreFileView>>;

internal sealed class ListFileBatchFilesValidator : AbstractValidator<ListFileBatchFiles>
{
    public ListFileBatchFilesValidator()
    {
        RuleFor(request => request.Page).SetValidator(new CursorRules()).OverridePropertyName("body");
        RuleFor(request => request.Filter).IsFileStatus();
    }
}

internal sealed class ListFileBatchFilesHandler(IKnowledgeDb db) : IRequestHandler<ListFileBatchFiles, Page<VectorStoreFileView>>
{
    public async Task<Page<VectorStoreFileView>> Handle(ListFileBatchFiles request, CancellationToken cancellationToken)
    {
        var batch = await db.RequireBatchAsync(request.StoreId, request.BatchId, cancellationToken);
        var files = db.FilesOf(batch.VectorStoreId, file => file.BatchId == batch.Id).WithStatus(request.Filter);
        return await db.PageAsync(batch.VectorStoreId, files, request.Page, cancellationToken);
    }
}

/// <summary>Ends what is still in progress. A batch whose files have all ended stays as it is.</summary>
public sealed record CancelFileBatch(string StoreId, string BatchId) : IRequest<FileBatchView>;

internal sealed class CancelFileBatchHandler(IKnowledgeDb db, IIngestionQueue queue, TimeProvider clock) : IRequestHandler<CancelFileBatch, FileBatchView>
{
    public async Task<FileBatchView> Handle(CancelFileBatch request, CancellationToken cancellationToken)
    {
        var batch = await db.RequireBatchAsync(request.StoreId, request.BatchId, cancellationToken);
        var inProgress = await db.VectorStoreFiles.Where(file => file.BatchId == batch.Id && file.Status == VectorStoreFileStatus.InProgress)
            .Select(file => file.Id).ToListAsync(cancellationToken);
        // Each file ends once: cancelled here, or completed just before.
        if (inProgress.Count > 0 && await queue.CancelAsync(inProgress, cancellationToken) > 0)
        {
            var now = (DateTimeOffset?)clock.GetUtcNow();
            await db.FileBatches.Where(other => other.Id == batch.Id && other.CancelledAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(other => other.CancelledAt, now), cancellationToken);
            batch = await db.RequireBatchAsync(request.StoreId, request.BatchId, cancellationToken);
        }

        return await db.ShowAsync(batch, cancellationToken);
    }
}
