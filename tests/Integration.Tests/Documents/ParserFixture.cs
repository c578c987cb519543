using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Documents;

/// <summary>The parser as the hosts have it, with settings of a test.</summary>
internal sealed class ParserFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public ParserFixture(Dictionary<string, string?>? settings = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings?.ToDictionary(pair => $"Documents:{pair.Key}", pair => pair.Value) ?? []).Build();
        _services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log)).AddDocuments(configuration).BuildServiceProvider();
        Parser = _services.GetRequiredService<IDocumentParser>();
    }

    public IDocumentParser Parser { get; }
    public LogCapture Log { get; } = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _services.GetServices<IHostedService>()) await service.StartAsync(cancellationToken);
    }

    public async Task<ParseOutcome> ParseAsync(byte[] content, string filename, CancellationToken cancellationToken)
    {
        try
        {
            return new ParseOutcome(await Parser.ParseAsync(new MemoryStream(content), filename, cancellationToken), null);
        }
        catch (Exception e)
        {
            return new ParseOutcome(null, e);
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
