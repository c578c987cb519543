using System.Globalization;
using System.Runtime.InteropServices;
using AiPlatform.Bench;
using AiPlatform.Bench.Scenarios;
using AiPlatform.Bench.Servers;

if (args is ["relay", var port, var upstream])
{
    await Relay.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), new Uri(upstream));
    return 0;
}

if (Settings.Parse(args) is not { } settings)
{
    await Console.Error.WriteLineAsync(Settings.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    await using var servers = await AiPlatform.Bench.Servers.Servers.StartAsync(settings, stop.Token);
    var failed = false;
    foreach (var scenario in Scenario.All.Where(scenario => settings.Wants(scenario.Name)))
    {
        try
        {
            await scenario.RunAsync(servers, settings, stop.Token);
        }
        catch (BrokenStream e)
        {
            Console.WriteLine($"FAILED  {scenario.Name}: {e.Message}");
            failed = true;
        }
    }

    return failed ? 1 : 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
