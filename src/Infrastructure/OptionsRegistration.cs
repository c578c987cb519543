using AiPlatform.Application.Chat;
using AiPlatform.Application.Knowledge;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure;

/// <summary>The settings of the modules, checked before anything starts.</summary>
public static class OptionsRegistration
{
    private const int MostWorkers = 64;
    private static readonly TimeSpan LongestSearchWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestCommitInterval = TimeSpan.FromSeconds(1);

    public static IServiceCollection AddModuleOptions(this IServiceCollection services, IConfiguration configuration)
    {
        var chat = configuration.Read<ChatOptions>(ChatOptions.Section);
        Settings.Require(chat.ResponseRetention > TimeSpan.Zero, "Chat__ResponseRetention must be longer than nothing, for example 30.00:00:00.");
        Settings.Require(chat.MaxConcurrentRuns >= 1, "Chat__MaxConcurrentRuns must be at least 1.");
        Settings.Require(
            chat.CommitInterval >= TimeSpan.Zero && chat.CommitInterval <= LongestCommitInterval, "Chat__CommitInterval must be from 00:00:00 to 00:00:01: until then nobody sees a word.");

        var knowledge = configuration.Read<KnowledgeOptions>(KnowledgeOptions.Section);
        Settings.Require(!string.IsNullOrWhiteSpace(knowledge.EmbeddingModel), "Knowledge__EmbeddingModel must name a model; GET /v1/models lists them.");
        Settings.Require(knowledge.MaxFileBytes > 0, "Knowledge__MaxFileBytes must be at least 1.");
        Settings.Require(knowledge.Workers is >= 0 and <= MostWorkers, $"Knowledge__Workers must be from 0 (this process ingests nothing) to {MostWorkers}.");
        foreach (var (name, value) in new[] { ("QueryEmbeddingTimeout", knowledge.QueryEmbeddingTimeout), ("RewriteTimeout", knowledge.RewriteTimeout), ("RerankTimeout", knowledge.RerankTimeout) })
            Settings.Require(value > TimeSpan.Zero && value <= LongestSearchWait, $"Knowledge__{name} must be more than nothing and at most 00:01:00.");
        return services.AddSingleton(chat).AddSingleton(knowledge);
    }
}
