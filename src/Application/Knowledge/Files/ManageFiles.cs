using AiPlatform.Application.Common;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>Lists the workspace's files. <c>After</c> is a place in the order, so a list can be gone through while its files are deleted.</summary>
public sealed record ListFiles(string? Purpose, int? Limit, string? Order, string? After) : IRequest<Page<FileView>>
{
    public const int MaxLimit = 10_000;
}

internal sealed class ListFilesValidator : AbstractValidator<ListFiles>
{
    public ListFilesValidator()
    {
        RuleFor(request => request.Limit).InclusiveBetween(1, ListFiles.MaxLimit).WithMessage("it must be from 1 to 10000.");
        RuleFor(request => request.Order).Must(order => order is null or "asc" or "desc").WithMessage("it must be 'asc' or 'desc'.");
        RuleFor(request => request.After).Must(after => after is null || Ids.Parse<FileId>(after) is not null).WithMessage("it must be the id of a file.");
    }
}

internal sealed class ListFilesHandler(IKnowledgeDb db, TimeProvider clock) : IRequestHandler<ListFiles, Page<FileView>>
{
    public async Task<Page<FileView>> Handle(ListFiles request, CancellationToken cancellationToken)
    {
        var limit = request.Limit ?? ListFiles.MaxLimit;
        var ascending = request.Order is "asc";
        var files = db.Files.AsNoTracking().VisibleAt(clock.GetUtcNow());
        if (request.Purpose is { } purpose) files = files.Where(file => file.Purpose == purpose);
        if (Ids.Parse<FileId>(request.After) is { } after) files = ascending ? files.Where(file => file.Id > after) : files.Where(file => file.Id < after);
        var ordered = ascending ? files.OrderBy(file => file.Id) : files.OrderByDescending(file => file.Id);
        var rows = await ordered.Take(limit + 1).ToListAsync(cancellationToken);
        return Page.Cut([.. rows.Select(FileView.Of)], limit, file => file.Id);
    }
}

public sealed record GetFile(string Id) : IRequest<FileView>;

internal sealed class GetFileHandler(IKnowledgeDb db, TimeProvider clock) : IRequestHandler<GetFile, FileView>
{
    public async Task<FileView> Handle(GetFile request, CancellationToken cancellationToken) =>
        FileView.Of(await db.RequireFileAsync(request.Id, clock.GetUtcNow(), cancellationToken));
}

/// <summary>Opens a file's content. Whoever gets it disposes it.</summary>
public sealed record OpenFile(string Id) : IRequest<OpenedFile>;

/// <summary>The stream can be read from any position.</summary>
public sealed record OpenedFile(string Filename, byte[] Hash, Stream Content);

internal sealed class OpenFileHandler(IKnowledgeDb db, IFileStorage storage, TimeProvider clock) : IRequestHandler<OpenFile, OpenedFile>
{
    public async Task<OpenedFile> Handle(OpenFile request, CancellationToken cancellationToken)
    {
        var file = await db.RequireFileAsync(request.Id, clock.GetUtcNow(), cancellationToken);
        var content = await storage.OpenAsync(file.StorageKey, cancellationToken)
            ?? throw new NotFound("content_missing", $"The content of the file '{request.Id}' is not in the file storage. Was it deleted just now? Otherwise the operator must look into Knowledge:Storage.");
        return new OpenedFile(file.Filename, file.Hash!, content);
    }
}

/// <summary>Deletes a file, and takes it out of every vector store, at once. Its content goes right after.</summary>
public sealed record DeleteFile(string Id) : IRequest<Deleted>;

internal sealed class DeleteFileHandler(IKnowledgeDb db, IFileRemoval removal, FileClearing clearing, TimeProvider clock) : IRequestHandler<DeleteFile, Deleted>
{
    public async Task<Deleted> Handle(DeleteFile request, CancellationToken cancellationToken)
    {
        var file = await db.RequireFileAsync(request.Id, clock.GetUtcNow(), cancellationToken);
        var hidden = await removal.HideAsync(file.WorkspaceId, file.Id, cancellationToken);
        if (hidden.Count == 0) throw NotFound.Of("File", request.Id);
        clearing.Tell(hidden);
        await clearing.ClearAsync(file);
        return new Deleted(request.Id, "file");
    }
}
