using AiPlatform.Infrastructure;

namespace AiPlatform.Api;

/// <summary>WebSockets, under <c>Edge:WebSockets</c>.</summary>
public sealed class SocketOptions
{
    /// <summary>The most connections of this process.</summary>
    public int MaxConnections { get; set; } = 10_000;

    /// <summary>The most connections of one API key, or of one signed-in person, to this process.</summary>
    public int MaxConnectionsPerCaller { get; set; } = 100;

    /// <summary>How many lanes of a connection may have requests at once.</summary>
    public int MaxLanes { get; set; } = 32;

    /// <summary>How many requests of a connection may wait for their turn; together they may be as large as one.</summary>
    public int MaxQueued { get; set; } = 64;

    /// <summary>How much a connection remembers of responses that are not stored.</summary>
    public long MaxUnstoredBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How long a connection may be silent before it is asked whether it is alive.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long it may take to answer. Then it is dead.</summary>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a reader may fail to take what is sent before it is cut off.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        Require(MaxConnections >= 0, nameof(MaxConnections), "must not be negative");
        Require(MaxConnectionsPerCaller >= 0, nameof(MaxConnectionsPerCaller), "must not be negative");
        Require(MaxLanes >= 1, nameof(MaxLanes), "must be at least 1");
        Require(MaxQueued >= 0, nameof(MaxQueued), "must not be negative");
        Require(MaxUnstoredBytes >= 0, nameof(MaxUnstoredBytes), "must not be negative");
        foreach (var (name, value) in new[] { (nameof(PingInterval), PingInterval), (nameof(PingTimeout), PingTimeout), (nameof(SendTimeout), SendTimeout) })
            Require(value >= TimeSpan.FromMilliseconds(10), name, "must be at least 10 ms");
    }

    private static void Require(bool isRight, string name, string what)
    {
        if (!isRight) throw new ConfigurationError($"{EdgeOptions.Section}:WebSockets:{name} {what}.");
    }
}
