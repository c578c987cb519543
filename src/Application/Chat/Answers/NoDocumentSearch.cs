using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>Stands where the search of documents will be: it has none.</summary>
internal sealed class NoDocumentSearch : IDocumentSearch
{
    public Task<IReadOnlyList<VectorStoreId>> RequireStoresAsync(WorkspaceId workspace, IReadOnlyList<string> ids, string param, CancellationToken cancellationToken) =>
        throw new NotFound("not_found", $"Vector store with id '{ids[0]}' not found.", param);

    public Task<DocumentHits> SearchAsync(DocumentQuery query, CancellationToken cancellationToken) => Task.FromResult(new DocumentHits(query.Queries, [], HasMore: false));
}
