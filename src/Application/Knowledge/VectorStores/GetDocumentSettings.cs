using AiPlatform.Application.Knowledge.Extraction;
using MediatR;

namespace AiPlatform.Application.Knowledge.VectorStores;

/// <summary>What a page has to know before anything is uploaded.</summary>
public sealed record GetDocumentSettings : IRequest<DocumentSettings>;

public sealed record DocumentSettings(IReadOnlyList<DocumentKind> Formats, long MaxFileBytes, string EmbeddingModel);

internal sealed class GetDocumentSettingsHandler(KnowledgeOptions options) : IRequestHandler<GetDocumentSettings, DocumentSettings>
{
    public Task<DocumentSettings> Handle(GetDocumentSettings request, CancellationToken cancellationToken) =>
        Task.FromResult(new DocumentSettings(DocumentKind.All, options.MaxFileBytes, options.EmbeddingModel));
}
