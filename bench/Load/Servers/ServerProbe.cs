using System.Globalization;
using System.Net.Sockets;
using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Servers
{
    /// <summary>
    /// Asks a .NET server from inside, where <see cref="StartupHook"/> is: what its objects take once all garbage is collected (its resident set alone says more
    /// about when it last cleaned up), and what each step of ingesting documents cost.
    /// </summary>
    internal sealed class ServerProbe(string path)
    {
        private const string PathVariable = "AIPLATFORM_BENCH_PROBE";
        private const byte Collect = 1;
        private const byte Steps = 2;

        /// <summary>What the server must be started with.</summary>
        public Dictionary<string, string> Environment => new() { ["DOTNET_STARTUP_HOOKS"] = typeof(ServerProbe).Assembly.Location, [PathVariable] = path };

        /// <summary>Collects all garbage and returns the bytes that are left.</summary>
        public async Task<long> CollectAsync(CancellationToken cancellationToken) => long.Parse(await AskAsync(Collect, cancellationToken), CultureInfo.InvariantCulture);

        /// <summary>CPU seconds of the process by step so far: what it used until a step was done and after the one before.</summary>
        public async Task<Dictionary<string, double>> StepCpuAsync(CancellationToken cancellationToken) =>
            (await AskAsync(Steps, cancellationToken)).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('='))
            .ToDictionary(pair => pair[0], pair => double.Parse(pair[1], CultureInfo.InvariantCulture));

        /// <summary>In the server's process.</summary>
        public static void Start()
        {
            if (System.Environment.GetEnvironmentVariable(PathVariable) is not { } path) return;
            // A server of this name may have been killed before.
            File.Delete(path);
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            new Thread(() => Answer(listener)) { IsBackground = true, Name = "Server probe" }.Start();
            StepCpu.Listen();
        }

        private async Task<string> AskAsync(byte question, CancellationToken cancellationToken)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            await socket.SendAsync(new[] { question }, cancellationToken);
            using var reader = new StreamReader(new NetworkStream(socket));
            return await reader.ReadToEndAsync(cancellationToken);
        }

        private static void Answer(Socket listener)
        {
            var question = new byte[1];
            while (true)
            {
                using var asker = listener.Accept();
                if (asker.Receive(question) == 0) continue;
                var answer = question[0] == Collect ? Collected().ToString(CultureInfo.InvariantCulture) : StepCpu.Read();
                asker.Send(System.Text.Encoding.ASCII.GetBytes(answer));
            }
        }

        private static long Collected()
        {
            // Twice: what has a finalizer survives the first time.
            for (var i = 0; i < 2; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            return GC.GetTotalMemory(forceFullCollection: true);
        }
    }
}

/// <summary>Found by its name, in no namespace: .NET runs it first in a process that names this assembly in <c>DOTNET_STARTUP_HOOKS</c>.</summary>
internal static class StartupHook
{
    public static void Initialize() => ServerProbe.Start();
}
