using AiPlatform.Application.Identity;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Postgres;
using MediatR;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Api.Hosting;

/// <summary>The first start, under <c>Bootstrap</c>.</summary>
public sealed class BootstrapOptions
{
    public const string Section = "Bootstrap";

    /// <summary>An API key (<c>sk-...</c>) that is to work, for installs that nobody watches.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Where to write, readable by this user only, the address with a one-time sign-in link and, the first time, an API key.</summary>
    public string? AnnounceFile { get; set; }
}

internal static class BootstrapRegistration
{
    private const int KeyMinLength = 20;

    public static IServiceCollection AddBootstrap(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.Read<BootstrapOptions>(BootstrapOptions.Section);
        if (options.ApiKey is { Length: > 0 } key && (!key.StartsWith(ApiKey.SecretPrefix, StringComparison.Ordinal) || key.Length < KeyMinLength))
            throw new ConfigurationError($"Bootstrap:ApiKey must start with '{ApiKey.SecretPrefix}' and have at least {KeyMinLength} characters. A good one: sk-$(openssl rand -hex 32)");
        return services.AddSingleton(options).AddHostedService<Bootstrap>();
    }

    public static async Task MigrateAsync(this WebApplication app)
    {
        using var stop = new CancellationTokenSource();
        using var onTerm = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, _ => stop.Cancel());
        await app.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(stop.Token);
    }
}

/// <summary>Makes the first workspace, admin and key, and tells whoever started the server how to get in.</summary>
internal sealed class Bootstrap(
    BootstrapOptions options, IServiceScopeFactory scopes, IServer server, IHostApplicationLifetime lifetime) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        BootstrapResult result;
        try
        {
            result = await BootstrapAsync(cancellationToken);
        }
        catch (Exception e) when (e is DbUpdateException or RuleBroken)
        {
            // Another instance started on the same empty database and was faster; now there is an admin.
            result = await BootstrapAsync(cancellationToken);
        }

        if (options.AnnounceFile is { } file) lifetime.ApplicationStarted.Register(() => Announce(file, result));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<BootstrapResult> BootstrapAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var key = string.IsNullOrEmpty(options.ApiKey) ? null : options.ApiKey;
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new BootstrapPlatform(key, Announce: options.AnnounceFile is not null), cancellationToken);
    }

    private void Announce(string file, BootstrapResult result)
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "";
        var text = $"AiPlatform is ready:  {address}\nSign in (once):       {address}/sign-in?token={result.SignInToken}\n";
        if (result.NewApiKey is { } key) text += $"Your first API key:   {key}\n                      (keep it: it is not shown again)\n";
        // Written aside and moved, so that a reader never sees half of it.
        var aside = file + ".new";
        using (var stream = new FileStream(aside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        using (var writer = new StreamWriter(stream)) writer.Write(text);
        File.Move(aside, file, overwrite: true);
    }
}
