using System.Text.Json;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>Attaches a file to a store. One that is there already, with the same settings, is shown as it is; one that failed or was cancelled begins anew.</summary>
public sealed record AttachFile(string StoreId, FileAttachment Body) : IRequest<VectorStoreFileView>;

/// <summary>A file that is to be attached, and how. <c>Replaces</c> names the file whose place it takes once it is ready.</summary>
public sealed record FileAttachment
{
    public string FileId { get; init; } = "";
    public JsonElement? Attributes { get; init; }
    public ChunkingRequest? ChunkingStrategy { get; init; }
    public string? Replaces { get; init; }

    internal WantedFile At(string param) => new(FileId, param, FileAttributes.Read(Attributes), ChunkingRequest.Read(ChunkingStrategy), Replaces);
}

internal sealed class FileAttachmentRules : AbstractValidator<FileAttachment>
{
    public FileAttachmentRules()
    {
        RuleFor(file => file.FileId).NotEmpty().WithMessage("name a file; POST /v1/files uploads one.");
        RuleFor(file => file.Attributes).IsAttributes();
        RuleFor(file => file.ChunkingStrategy).SetValidator(new ChunkingRules()!);
    }
}

internal sealed class AttachFileValidator : AbstractValidator<AttachFile>
{
    public AttachFileValidator() => RuleFor(request => request.Body).SetValidator(new FileAttachmentRules());
}

internal sealed class AttachFileHandler(IKnowledgeDb db, FileAttachments attachments) : IRequestHandler<AttachFile, VectorStoreFileView>
{
    public async Task<VectorStoreFileView> Handle(AttachFile request, CancellationToken cancellationToken)
    {
        await attachments.AttachAsync(request.StoreId, [request.Body.At("file_id")], createBatch: null, cancellationToken);
        var store = await db.RequireStoreIdAsync(request.StoreId, cancellationToken);
        return VectorStoreFileView.Of(await db.RequireFileAsync(store, request.Body.FileId, cancellationToken));
    }
}
