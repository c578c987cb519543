using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Application.Knowledge.Reembeddings;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.VectorStores;

public sealed record GetVectorStore(string Id) : IRequest<VectorStoreView>;

internal sealed class GetVectorStoreHandler(IKnowledgeDb db, TimeProvider clock) : IRequestHandler<GetVectorStore, VectorStoreView>
{
    public async Task<VectorStoreView> Handle(GetVectorStore request, CancellationToken cancellationToken) =>
        await db.ShowAsync(await db.RequireStoreAsync(request.Id, cancellationToken), clock.GetUtcNow(), cancellationToken);
}

/// <summary>Changes what is given. <c>ExpiresAfter</c> null ends the expiry; that of a store that has expired opens it again.</summary>
public sealed record ModifyVectorStore(string Id, VectorStoreChanges Body) : IRequest<VectorStoreView>;

public sealed record VectorStoreChanges
{
    public string? Name { get; init; }

    /// <summary>Undefined: left as it is.</summary>
    public JsonElement ExpiresAfter { get; init; }

    public Dictionary<string, string>? Metadata { get; init; }

    /// <summary>Another one begins a re-embedding.</summary>
    public string? EmbeddingModel { get; init; }

    /// <summary>How many numbers its vectors shall have, where the model leaves a choice.</summary>
    public int? Dimensions { get; init; }
}

internal sealed class ModifyVectorStoreValidator : AbstractValidator<ModifyVectorStore>
{
    public ModifyVectorStoreValidator()
    {
        RuleFor(request => request.Body.Name).IsStoreName();
        RuleFor(request => request.Body.Metadata).IsMetadata();
        RuleFor(request => request.Body.Dimensions).InclusiveBetween(1, VectorStore.MostDimensions).WithMessage($"it must be from 1 to {VectorStore.MostDimensions}.");
        RuleFor(request => request.Body.EmbeddingModel).NotEmpty().When(request => request.Body.EmbeddingModel is not null || request.Body.Dimensions is not null)
            .WithMessage("name the model whose vectors have these dimensions.");
        RuleFor(request => request.Body.ExpiresAfter).Must(IsObjectOrNull).WithMessage("it takes an anchor and days, or null.");
        RuleFor(request => ExpiryOf(request.Body)).IsExpiry().OverridePropertyName("expires_after").When(request => IsObjectOrNull(request.Body.ExpiresAfter));
    }

    internal static ExpiresAfter? ExpiryOf(VectorStoreChanges changes) => changes.ExpiresAfter.ValueKind is not JsonValueKind.Object ? null : new ExpiresAfter(
        changes.ExpiresAfter.TryGetProperty("anchor", out var anchor) && anchor.ValueKind is JsonValueKind.String ? anchor.GetString() : null,
        changes.ExpiresAfter.TryGetProperty("days", out var days) && days.ValueKind is JsonValueKind.Number && days.TryGetInt32(out var number) ? number : null);

    private static bool IsObjectOrNull(JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.Object;
}

internal sealed class ModifyVectorStoreHandler(IKnowledgeDb db, ChangeModel change, TimeProvider clock) : IRequestHandler<ModifyVectorStore, VectorStoreView>
{
    public Task<VectorStoreView> Handle(ModifyVectorStore request, CancellationToken cancellationToken) => db.UntilSavedAsync(async () =>
    {
        var (now, body) = (clock.GetUtcNow(), request.Body);
        var store = await db.RequireStoreAsync(request.Id, cancellationToken);
        if (body.Name is { } name) store.Rename(name);
        if (body.Metadata is { } metadata) store.ReplaceMetadata(metadata);
        if (body.ExpiresAfter.ValueKind is not JsonValueKind.Undefined) store.ExpireAfter(ModifyVectorStoreValidator.ExpiryOf(body)?.Days);
        if (body.EmbeddingModel is { } model) await change.BeginAsync(store, model, body.Dimensions, cancellationToken);
        store.Touch(now);
        await db.SaveChangesAsync(cancellationToken);
        return await db.ShowAsync(store, now, cancellationToken);
    });
}

/// <summary>Deletes a store: at once for everybody, its contents soon after. The files themselves stay.</summary>
public sealed record DeleteVectorStore(string Id) : IRequest<Deleted>;

internal sealed class DeleteVectorStoreHandler(IKnowledgeDb db, IIngestionQueue queue, IStoreChanges changes, TimeProvider clock) : IRequestHandler<DeleteVectorStore, Deleted>
{
    public async Task<Deleted> Handle(DeleteVectorStore request, CancellationToken cancellationToken)
    {
        var (id, now) = (Ids.Parse<VectorStoreId>(request.Id), (DateTimeOffset?)clock.GetUtcNow());
        // Waits for who is attaching at the moment; who comes later finds it deleted.
        if (await db.LiveStores().Where(store => store.Id == id).ExecuteUpdateAsync(set => set.SetProperty(store => store.DeletedAt, now), cancellationToken) == 0)
            throw NotFound.Of("Vector store", request.Id);
        var inProgress = await db.VectorStoreFiles.Where(file => file.VectorStoreId == id && file.Status == VectorStoreFileStatus.InProgress)
            .Select(file => file.Id).ToListAsync(cancellationToken);
        if (inProgress.Count > 0) await queue.CancelAsync(inProgress, cancellationToken);
        changes.Happened(id!.Value);
        return new Deleted(request.Id, "vector_store.deleted");
    }
}
