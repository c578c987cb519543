using System.Globalization;
using System.Runtime.InteropServices;

namespace AiPlatform.FakeModels;

internal static class FakeModelsProgram
{
    private const string Usage = """
        A fake OpenAI and Anthropic server for tests and benchmarks.
          --port N      listen on this loopback port (default: any free one)
          --key KEY     accept only this API key (default: any but "bad-key")
        Prints its address, and runs until SIGTERM or Ctrl-C. See tests/FakeModels/README.md.
        """;

    public static async Task<int> Main(string[] args)
    {
        var port = 0;
        string? key = null;
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            if (args[i] == "--port" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out port)) continue;
            if (args[i] == "--key" && value is not null)
            {
                key = value;
                continue;
            }

            await Console.Error.WriteLineAsync(Usage);
            return args[i] is "--help" or "-h" ? 0 : 2;
        }

        var stop = new TaskCompletionSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

        await using var server = await FakeModelServer.StartAsync(port);
        server.ApiKey = key;
        await Console.Out.WriteLineAsync(server.BaseUri.ToString());
        await stop.Task;
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
