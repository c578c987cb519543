using AiPlatform.Application.Common;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>The files of a store; <c>Filter</c> is a status.</summary>
public sealed record ListStoreFiles(string StoreId, CursorRequest Page, string? Filter) : IRequest<Page<VectorStoreFileView>>;

internal sealed class ListStoreFilesValidator : AbstractValidator<ListStoreFiles>
{
    public ListStoreFilesValidator()
    {
        RuleFor(request => request.Page).SetValidator(new CursorRules()).OverridePropertyName("body");
        RuleFor(request => request.Filter).IsFileStatus();
    }
}

internal sealed class ListStoreFilesHandler(IKnowledgeDb db) : IRequestHandler<ListStoreFiles, Page<VectorStoreFileView>>
{
    public async Task<Page<VectorStoreFileView>> Handle(ListStoreFiles request, CancellationToken cancellationToken)
    {
        var store = await db.RequireStoreIdAsync(request.StoreId, cancellationToken);
        return await db.PageAsync(store, db.FilesOf(store).WithStatus(request.Filter), request.Page, cancellationToken);
    }
}

internal static class StatusFilter
{
    public static IRuleBuilderOptions<T, string?> IsFileStatus<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(filter => filter is null || StatusNames.All.Contains(filter)).WithMessage("it must be 'in_progress', 'completed', 'failed' or 'cancelled'.");

    public static IQueryable<StoreFileRow> WithStatus(this IQueryable<StoreFileRow> files, string? filter)
    {
        if (filter is null) return files;
        var status = StatusNames.Parse(filter);
        return files.Where(row => row.File.Status == status);
    }
}
