using System.Globalization;
using System.Net.Sockets;
using AiPlatform.Bench.Servers;

namespace AiPlatform.Bench.Servers
{
    /// <summary>
    /// Asks a .NET server what its objects take once all garbage is collected: its resident set alone says more about when it last cleaned up. The answer comes from
    /// inside, where <see cref="StartupHook"/> is.
    /// </summary>
    internal sealed class MemoryProbe(string path)
    {
        private const string PathVariable = "AIPLATFORM_BENCH_PROBE";

        /// <summary>What the server must be started with.</summary>
        public Dictionary<string, string> Environment => new() { ["DOTNET_STARTUP_HOOKS"] = typeof(MemoryProbe).Assembly.Location, [PathVariable] = path };

        /// <summary>Collects all garbage and returns the bytes that are left.</summary>
        public async Task<long> CollectAsync(CancellationToken cancellationToken)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            using var reader = new StreamReader(new NetworkStream(socket));
            return long.Parse(await reader.ReadToEndAsync(cancellationToken), CultureInfo.InvariantCulture);
        }

        /// <summary>In the server's process.</summary>
        public static void Start()
        {
            if (System.Environment.GetEnvironmentVariable(PathVariable) is not { } path) return;
            // A server of this name may have been killed before.
            File.Delete(path);
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();
            new Thread(() => Answer(listener)) { IsBackground = true, Name = "Memory probe" }.Start();
        }

        private static void Answer(Socket listener)
        {
            while (true)
            {
                using var asker = listener.Accept();
                // Twice: what has a finalizer survives the first time.
                for (var i = 0; i < 2; i++)
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    GC.WaitForPendingFinalizers();
                }

                asker.Send(System.Text.Encoding.ASCII.GetBytes(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture)));
            }
        }
    }
}

/// <summary>Found by its name, in no namespace: .NET runs it first in a process that names this assembly in <c>DOTNET_STARTUP_HOOKS</c>.</summary>
internal static class StartupHook
{
    public static void Initialize() => MemoryProbe.Start();
}
