using AiPlatform.Application.Chat.Runs;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.Infrastructure.Postgres;

/// <summary>
/// Gives this process's runs away when it shuts down. Before anything else stops: the web server still answers meanwhile, so that load balancers see that it is
/// not ready, clients are told to go elsewhere, and those who read an answer that is nearly done get its end.
/// </summary>
internal sealed class RunDrain(ResponseRuns runs) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task StoppingAsync(CancellationToken cancellationToken) => runs.DrainAsync(Patience, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
