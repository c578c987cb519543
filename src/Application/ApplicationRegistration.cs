using System.Text.Json;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Chat.Completions;
using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Common;
using AiPlatform.Application.Identity;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Chunking;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Application.Knowledge.Evaluations;
using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Application.Knowledge.Search.Analysis;
using AiPlatform.Application.Knowledge.Search.Ranking;
using AiPlatform.Application.Knowledge.Search.Segments;
using AiPlatform.Application.Knowledge.VectorStores;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application;

/// <summary>The use cases: handlers and validators are found by scanning, the rest is listed by module.</summary>
public static class ApplicationRegistration
{
    public static IServiceCollection AddApplication(this IServiceCollection services)
    {
        // Validators name fields as the wire does.
        ValidatorOptions.Global.PropertyNameResolver = (_, member, _) => member is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
        services.AddSingleton(TimeProvider.System);
        services.AddScoped<ServiceFactory>(provider => provider.GetService!);
        services.AddScoped<IMediator, Mediator>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehaviour<,>));
        services.Scan(scan => scan
            .FromAssemblyOf<CallerContext>()
            .AddClasses(classes => classes.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false).AsImplementedInterfaces().WithScopedLifetime()
            .AddClasses(classes => classes.AssignableTo(typeof(INotificationHandler<>)), publicOnly: false).AsImplementedInterfaces().WithScopedLifetime()
            .AddClasses(classes => classes.AssignableTo(typeof(IValidator<>)), publicOnly: false).AsImplementedInterfaces().WithSingletonLifetime());
        return services.AddIdentity().AddChat().AddKnowledge();
    }

    private static IServiceCollection AddIdentity(this IServiceCollection services) => services
        .AddSingleton<SignInAttempts>()
        .AddSingleton<ApiKeyLookup>()
        .AddScoped<CallerContext>()
        .AddScoped<ICaller>(provider => provider.GetRequiredService<CallerContext>());

    private static IServiceCollection AddChat(this IServiceCollection services) => services
        .AddScoped<PromptLoader>()
        .AddScoped<GroundedChat>()
        .AddScoped<IdempotentRequests>()
        .AddScoped<RunCanceller>()
        .AddSingleton<ContextWindow>()
        .AddSingleton<IDocumentSearch, NoDocumentSearch>()
        .AddSingleton<AnswerMetrics>()
        .AddSingleton<DocumentSearches>()
        .AddSingleton<ToolSupport>()
        .AddSingleton<ResponseStore>()
        .AddSingleton<ResponseFollower>()
        .AddSingleton<RunChanges>()
        .AddSingleton<RunEnding>()
        .AddSingleton<RunReaders>()
        .AddSingleton<RunRecovery>()
        .AddSingleton<RunUsage>()
        .AddSingleton<RunWriter>()
        .AddSingleton<ResponseRunner>()
        .AddSingleton<ResponseRuns>();

    private static IServiceCollection AddKnowledge(this IServiceCollection services) => services
        .AddSingleton<DocumentChunker>()
        .AddSingleton<EvaluationRoom>()
        .AddSingleton<IngestionMetrics>()
        .AddSingleton<RunningFiles>()
        .AddSingleton<QueryEmbeddings>()
        .AddSingleton<QueryRewriter>()
        .AddSingleton<PassageRanker>()
        .AddSingleton<HybridRetrieval>()
        .AddSingleton<TextAnalysis>()
        .AddSingleton<SegmentCache>()
        .AddSingleton(LexicalWeights.Default)
        .AddSingleton<ILexicalSearch, LexicalSearch>()
        .AddSingleton<DocumentSearch>()
        .AddSingleton<IDocumentSearch>(provider => provider.GetRequiredService<DocumentSearch>())
        .AddSingleton(_ => new FailurePolicy(Random.Shared))
        .AddScoped<IngestionSteps>()
        .AddScoped<ExtractStep>()
        .AddScoped<ChunkStep>()
        .AddScoped<EmbedStep>()
        .AddScoped<IndexStep>()
        .AddScoped<LexicalIndexing>()
        .AddScoped<SwitchStep>()
        .AddScoped<FileIntake>()
        .AddScoped<FileClearing>()
        .AddScoped<FileAttachments>();
}
