using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores;

public sealed record GetStoreFile(string StoreId, string FileId) : IRequest<VectorStoreFileView>;

internal sealed class GetStoreFileHandler(IKnowledgeDb db) : IRequestHandler<GetStoreFile, VectorStoreFileView>
{
    public async Task<VectorStoreFileView> Handle(GetStoreFile request, CancellationToken cancellationToken)
    {
        var store = await db.RequireStoreIdAsync(request.StoreId, cancellationToken);
        return VectorStoreFileView.Of(await db.RequireFileAsync(store, request.FileId, cancellationToken));
    }
}

/// <summary>Replaces the attributes of a file.</summary>
public sealed record UpdateStoreFile(string StoreId, string FileId, JsonElement? Attributes) : IRequest<VectorStoreFileView>;

internal sealed class UpdateStoreFileValidator : AbstractValidator<UpdateStoreFile>
{
    public UpdateStoreFileValidator() => RuleFor(request => request.Attributes).NotNull().WithMessage("send an object.").IsAttributes();
}

internal sealed class UpdateStoreFileHandler(IKnowledgeDb db, IStoreChanges changes, TimeProvider clock) : IRequestHandler<UpdateStoreFile, VectorStoreFileView>
{
    public async Task<VectorStoreFileView> Handle(UpdateStoreFile request, CancellationToken cancellationToken)
    {
        var store = await db.RequireStoreIdAsync(request.StoreId, cancellationToken);
        var (attributes, now, id) = (FileAttributes.Read(request.Attributes), clock.GetUtcNow(), Ids.Parse<FileId>(request.FileId));
        // These columns and no other: a worker may be writing how far it is.
        await db.VectorStoreFiles.Where(file => file.VectorStoreId == store && file.FileId == id).ExecuteUpdateAsync(
            set => set.SetProperty(file => file.Attributes, attributes).SetProperty(file => file.UpdatedAt, now), cancellationToken);
        changes.Happened(store);
        return VectorStoreFileView.Of(await db.RequireFileAsync(store, request.FileId, cancellationToken));
    }
}

/// <summary>Takes a file out of a store, whatever is being done with it. The file itself stays.</summary>
public sealed record DetachFile(string StoreId, string FileId) : IRequest<Deleted>;

internal sealed class DetachFileHandler(IKnowledgeDb db, IIngestionQueue queue, IStoreChanges changes) : IRequestHandler<DetachFile, Deleted>
{
    public async Task<Deleted> Handle(DetachFile request, CancellationToken cancellationToken)
    {
        var store = await db.RequireStoreIdAsync(request.StoreId, cancellationToken);
        var row = (await db.RequireFileAsync(store, request.FileId, cancellationToken)).File;
        if (row.Status is VectorStoreFileStatus.InProgress) await queue.CancelAsync([row.Id], cancellationToken);
        // Its chunks go with it.
        if (await db.VectorStoreFiles.Where(file => file.Id == row.Id).ExecuteDeleteAsync(cancellationToken) == 0) throw StoreQueries.FileNotFound(request.FileId);
        changes.Happened(store);
        return new Deleted(request.FileId, "vector_store.file.deleted");
    }
}

/// <summary>Has a file that failed or was cancelled go on, from the step where it ended.</summary>
public sealed record RetryStoreFile(string StoreId, string FileId) : IRequest<VectorStoreFileView>;

internal sealed class RetryStoreFileHandler(IKnowledgeDb db, IIngestionQueue queue, TimeProvider clock) : IRequestHandler<RetryStoreFile, VectorStoreFileView>
{
    public async Task<VectorStoreFileView> Handle(RetryStoreFile request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var store = await db.RequireStoreAsync(request.StoreId, cancellationToken);
        var id = (await db.RequireFileAsync(store.Id, request.FileId, cancellationToken)).File.Id;
        if (store.IsExpiredAt(now)) throw StoreErrors.Expired(store);
        var row = await db.VectorStoreFiles.SingleOrDefaultAsync(file => file.Id == id, cancellationToken) ?? throw StoreQueries.FileNotFound(request.FileId);
        row.Retry(now);
        store.Touch(now);
        try
        {
            await queue.SaveAndEnqueueAsync([row], cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Deleted, or begun anew by somebody else: what is there now is shown.
        }

        return VectorStoreFileView.Of(await db.RequireFileAsync(await db.RequireStoreIdAsync(request.StoreId, cancellationToken), request.FileId, cancellationToken));
    }
}
