using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>Makes a vector store, with up to 500 files.</summary>
public sealed record CreateVectorStore : IRequest<VectorStoreView>
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<string>? FileIds { get; init; }

    /// <summary>How the files are cut into chunks.</summary>
    public ChunkingRequest? ChunkingStrategy { get; init; }

    public ExpiresAfter? ExpiresAfter { get; init; }
    public Dictionary<string, string>? Metadata { get; init; }

    /// <summary>The model that all its vectors come from.</summary>
    public string? EmbeddingModel { get; init; }

    /// <summary>How many numbers a vector has, where the model leaves a choice.</summary>
    public int? Dimensions { get; init; }
}

internal sealed class CreateVectorStoreValidator : AbstractValidator<CreateVectorStore>
{
    private const int MostFiles = 500;

    // A vector of more does not fit into a page of the index.

    public CreateVectorStoreValidator()
    {
        RuleFor(request => request.Name).IsStoreName();
        RuleFor(request => request.Description).IsLine(VectorStore.DescriptionMaxLength);
        RuleFor(request => request.FileIds).Must(files => files is null || (files.Count <= MostFiles && files.All(file => file is not null))).WithMessage($"it takes up to {MostFiles} ids of files; attach more by file batches.");
        RuleFor(request => request.ChunkingStrategy).SetValidator(new ChunkingRules()!);
        RuleFor(request => request.ExpiresAfter).IsExpiry();
        RuleFor(request => request.Metadata).IsMetadata();
        RuleFor(request => request.Dimensions).InclusiveBetween(1, VectorStore.MostDimensions).WithMessage($"it must be from 1 to {VectorStore.MostDimensions}.");
    }
}

internal sealed class CreateVectorStoreHandler(
    IKnowledgeDb db, FileAttachments attachments, IModelCatalogue catalogue, IEmbeddings embeddings, KnowledgeOptions options, ICaller caller, TimeProvider clock)
    : IRequestHandler<CreateVectorStore, VectorStoreView>
{
    public async Task<VectorStoreView> Handle(CreateVectorStore request, CancellationToken cancellationToken)
    {
        var (me, now) = (caller.Current, clock.GetUtcNow());
        var model = request.EmbeddingModel is null ? options.EmbeddingModel : await RequireModelAsync(request.EmbeddingModel, cancellationToken);
        var store = VectorStore.Create(
            me.WorkspaceId, me.UserId, request.Name ?? "", request.Description, request.Metadata, model, request.Dimensions, request.ExpiresAfter?.Days, now);
        var chunking = ChunkingRequest.Read(request.ChunkingStrategy);
        var files = (request.FileIds ?? []).Select((id, index) => new WantedFile(id, $"file_ids[{index}]", FileAttributes.Read(null), chunking)).DistinctBy(file => file.FileId).ToList();
        await attachments.CreateAsync(store, files, cancellationToken);
        return await db.ShowAsync(store, now, cancellationToken);
    }

    private async Task<string> RequireModelAsync(string id, CancellationToken cancellationToken)
    {
        var model = await catalogue.FindAsync(id, cancellationToken) ?? throw new InvalidRequest("model_not_found", $"The model '{id}' does not exist here.", "embedding_model");
        return embeddings.For(model) is not null
            ? id
            : throw new InvalidRequest("unsupported_model", $"The provider '{model.Provider}' of the model '{id}' offers no embeddings. Choose another model.", "embedding_model");
    }
}
