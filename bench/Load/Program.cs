using System.Globalization;
using System.Runtime.InteropServices;
using AiPlatform.Bench;
using AiPlatform.Bench.Evaluation;
using AiPlatform.Bench.Scenarios;
using AiPlatform.Bench.Servers;

if (args is ["relay", var port, var upstream])
{
    await Relay.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), new Uri(upstream));
    return 0;
}

var evaluate = args is ["evaluate", .. var rest] ? EvaluateSettings.Parse(rest) : null;
var settings = args is ["evaluate", ..] ? null : Settings.Parse(args);
if (settings is null && evaluate is null)
{
    await Console.Error.WriteLineAsync(args is ["evaluate", ..] ? EvaluateSettings.Usage : Settings.Usage);
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    if (evaluate is not null) return await EvaluateCommand.RunAsync(evaluate, stop.Token);
    await using var servers = await AiPlatform.Bench.Servers.Servers.StartAsync(settings!, stop.Token);
    var failed = false;
    foreach (var scenario in Scenario.All.Where(scenario => settings!.Wants(scenario.Name)))
    {
        try
        {
            await scenario.RunAsync(servers, settings!, stop.Token);
        }
        catch (BrokenStream e)
        {
            Console.WriteLine($"FAILED  {scenario.Name}: {e.Message}");
            failed = true;
        }
    }

    return failed ? 1 : 0;
}
catch (BrokenStream e) when (evaluate is not null)
{
    Console.WriteLine($"FAILED  {e.Message}");
    return 1;
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
