using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Child;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Documents;

public static class DocumentRegistration
{
    /// <summary>The parser of documents, in processes of its own.</summary>
    public static IServiceCollection AddDocuments(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(DocumentOptions.Read(configuration))
        .AddSingleton<ParserStarter>()
        .AddSingleton<SandboxProbe>()
        .AddSingleton<ParserPool>()
        .AddSingleton<IDocumentParser, ChildDocumentParser>()
        .AddHostedService<DocumentTools>();
}
