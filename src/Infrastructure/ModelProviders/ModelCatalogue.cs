using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.ModelProviders;

/// <summary>
/// The models of all providers. Lists are asked for at start, again every <see cref="InferenceOptions.DiscoveryInterval"/> and when somebody names a model
/// we do not know; in between they are answered from memory. A provider that cannot be asked keeps what it had.
/// </summary>
internal sealed partial class ModelCatalogue(
    IEnumerable<IModelProvider> providers, InferenceOptions options, TimeProvider clock, ILogger<ModelCatalogue> log) : IModelCatalogue, IDisposable
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UnknownModelInterval = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<IModelProvider> _providers = [.. providers];
    private readonly SemaphoreSlim _refreshing = new(1, 1);
    private readonly DateTimeOffset _started = clock.GetUtcNow();
    private volatile IReadOnlyList<ProviderModels> _known = [];
    private DateTimeOffset _refreshedAt;

    /// <summary>What is known of each provider, for the health page.</summary>
    public IReadOnlyList<ProviderModels> Known => _known;

    public async Task<IReadOnlyList<ModelDescriptor>> ListAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(options.DiscoveryInterval, cancellationToken);
        return [.. _known.SelectMany(provider => provider.Models).DistinctBy(model => model.Id)];
    }

    public async Task<ModelDescriptor?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (Find(id) is { } model) return model;
        await RefreshAsync(UnknownModelInterval, cancellationToken);
        return Find(id);
    }

    public void Dispose() => _refreshing.Dispose();

    private ModelDescriptor? Find(string id)
    {
        var models = _known.SelectMany(provider => provider.Models);
        return models.FirstOrDefault(model => model.Id == id) ?? models.FirstOrDefault(model => $"{model.Provider}/{model.Id}" == id);
    }

    private async Task RefreshAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() - _refreshedAt < maxAge) return;
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            if (clock.GetUtcNow() - _refreshedAt < maxAge) return;
            var old = _known.ToDictionary(provider => provider.Name);
            _known = await Task.WhenAll(_providers.Select(provider => AskAsync(provider, old.GetValueOrDefault(provider.Name), cancellationToken)));
            _refreshedAt = clock.GetUtcNow();
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private async Task<ProviderModels> AskAsync(IModelProvider provider, ProviderModels? before, CancellationToken cancellationToken)
    {
        var settings = options.Providers.GetValueOrDefault(provider.Name);
        var configured = Configured(provider.Name, settings);
        if (settings is { Discover: false }) return new ProviderModels(provider.Name, configured, Problem: null, IsGuess: false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AskLimit);
        try
        {
            var discovered = await provider.DiscoverAsync(limit.Token);
            return new ProviderModels(provider.Name, Merge(configured, discovered), Problem: null, settings?.IsGuess ?? false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var problem = e is UpstreamFailed ? e.Message : e is OperationCanceledException ? $"It did not answer within {AskLimit.TotalSeconds} s." : e.GetType().Name;
            if (settings is not { IsGuess: true } && before?.Problem != problem) LogUnreachable(log, provider.Name, problem);
            return new ProviderModels(provider.Name, before?.Models ?? configured, problem, settings?.IsGuess ?? false) { ProblemCode = (e as UpstreamFailed)?.Code ?? "upstream_timeout" };
        }
    }

    private List<ModelDescriptor> Configured(string provider, ProviderOptions? settings) =>
        settings is null ? [] : [.. settings.Models.Select(model => new ModelDescriptor
        {
            Id = model.Key,
            Provider = provider,
            UpstreamName = model.Value.UpstreamName ?? model.Key,
            Created = _started,
            ContextWindow = model.Value.ContextWindow ?? KnownModels.ContextWindowOf(model.Value.UpstreamName ?? model.Key),
            MaxOutputTokens = model.Value.MaxOutputTokens,
            TakesPrefill = model.Value.Prefill ?? KnownModels.TakesPrefill(model.Value.UpstreamName ?? model.Key),
            CallsTools = model.Value.Tools,
        })];

    private static List<ModelDescriptor> Merge(List<ModelDescriptor> configured, IReadOnlyList<ModelDescriptor> discovered)
    {
        var names = configured.Select(model => model.Id).ToHashSet(StringComparer.Ordinal);
        return [.. configured, .. discovered.Where(model => !names.Contains(model.Id)).OrderBy(model => model.Id, StringComparer.Ordinal)];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The models of provider {Provider} cannot be listed: {Problem}")]
    private static partial void LogUnreachable(ILogger log, string provider, string problem);
}

/// <summary>One provider's models, and what went wrong when it was last asked for them.</summary>
internal sealed record ProviderModels(string Name, IReadOnlyList<ModelDescriptor> Models, string? Problem, bool IsGuess)
{
    public string? ProblemCode { get; init; }
}
