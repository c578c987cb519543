using System.Text.Json;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Knowledge.VectorStores.FileBatches;

/// <summary>Attaches up to 2,000 files to a store.</summary>
public sealed record CreateFileBatch(string StoreId, FileBatchRequest Body) : IRequest<FileBatchView>;

/// <summary>Either <c>FileIds</c>, which share the attributes and the chunking strategy, or <c>Files</c>, each with its own.</summary>
public sealed record FileBatchRequest
{
    public IReadOnlyList<string>? FileIds { get; init; }
    public IReadOnlyList<FileAttachment>? Files { get; init; }
    public JsonElement? Attributes { get; init; }
    public ChunkingRequest? ChunkingStrategy { get; init; }
}

internal sealed class CreateFileBatchValidator : AbstractValidator<CreateFileBatch>
{
    private const int MostFiles = 2000;

    public CreateFileBatchValidator()
    {
        RuleFor(request => request.Body).Must(body => body.FileIds is null != body.Files is null).WithMessage("send either file_ids or files.").OverridePropertyName("file_ids");
        RuleFor(request => request.Body.FileIds).Must(HasRightSize).WithMessage($"it takes from 1 to {MostFiles} entries.");
        RuleFor(request => request.Body.Files).Must(HasRightSize).WithMessage($"it takes from 1 to {MostFiles} entries.").Must(AreDifferent).WithMessage("it names the same file twice.");
        RuleForEach(request => request.Body.Files).SetValidator(new FileAttachmentRules());
        RuleFor(request => request.Body.Attributes).IsAttributes();
        RuleFor(request => request.Body.ChunkingStrategy).SetValidator(new ChunkingRules()!);
    }

    private static bool HasRightSize<T>(IReadOnlyList<T>? files) => files is null || (files.Count is > 0 and <= MostFiles && files.All(file => file is not null));

    private static bool AreDifferent(IReadOnlyList<FileAttachment>? files) => files is null || files.DistinctBy(file => file?.FileId).Count() == files.Count;
}

internal sealed class CreateFileBatchHandler(IKnowledgeDb db, FileAttachments attachments, TimeProvider clock) : IRequestHandler<CreateFileBatch, FileBatchView>
{
    public async Task<FileBatchView> Handle(CreateFileBatch request, CancellationToken cancellationToken)
    {
        FileBatch? batch = null;
        await attachments.AttachAsync(request.StoreId, FilesOf(request.Body), store => batch = FileBatch.Create(store, clock.GetUtcNow()), cancellationToken);
        return await db.ShowAsync(batch!, cancellationToken);
    }

    private static List<WantedFile> FilesOf(FileBatchRequest body)
    {
        if (body.Files is { } files) return [.. files.Select((file, index) => file.At($"files[{index}].file_id"))];
        var (attributes, chunking) = (FileAttributes.Read(body.Attributes), ChunkingRequest.Read(body.ChunkingStrategy));
        return [.. body.FileIds!.Select((id, index) => new WantedFile(id, $"file_ids[{index}]", attributes, chunking)).DistinctBy(file => file.FileId)];
    }
}
