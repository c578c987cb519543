using System.Globalization;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>The trials that share two servers: one after the other, because they kill them.</summary>
[CollectionDefinition(Name)]
public sealed class Trials : ICollectionFixture<ServerPair>
{
    public const string Name = "Trials";

    /// <summary>Whether all trials run, as before a release, or a sample of them.</summary>
    public static bool IsFull => Environment.GetEnvironmentVariable("AIPLATFORM_TEST_ALL") == "1";

    public static int Count(int sample, int full) => IsFull ? full : sample;

    public static TimeSpan Seconds(int sample, int full) => TimeSpan.FromSeconds(Count(sample, full));
}

/// <summary>Those about documents, on two servers of their own, so that they need not wait for the others.</summary>
[CollectionDefinition(Name)]
public sealed class IngestionTrials : ICollectionFixture<ServerPair>
{
    public const string Name = "Trials of ingestion";
}

/// <summary>Those about stopping, which wait for most of their time.</summary>
[CollectionDefinition(Name)]
public sealed class StopTrials : ICollectionFixture<ServerPair>
{
    public const string Name = "Trials of stopping";
}

/// <summary>A question to the fake model that nobody else asks, and the answer to expect.</summary>
public sealed class Question
{
    private static int _last;

    private readonly string _mark = string.Create(CultureInfo.InvariantCulture, $"[[fake seed={Interlocked.Increment(ref _last)} ");

    private Question(string keys) => Text = $"{_mark}{keys}]]";

    public string Text { get; }

    /// <summary>What the directive says, for a script that misbehaves on the way to the same answer.</summary>
    public string Keys => Text["[[fake ".Length..^2];

    public string Answer => FakeText.For(Text);

    /// <summary>An answer of so many tokens, with so many milliseconds between them. Every other one is in many scripts.</summary>
    public static Question Of(int tokens, int delay, string keys = "") =>
        new(string.Create(CultureInfo.InvariantCulture, $"tokens={tokens} delay={delay}{(_last % 2 == 0 ? " unicode" : "")} {keys}").TrimEnd());

    /// <summary>Whether a request that reached the vendor asks this, or to go on with the answer to it.</summary>
    public bool IsIn(RecordedRequest request) => request.Body.ValueKind is not System.Text.Json.JsonValueKind.Undefined && request.Body.GetRawText().Contains(_mark, StringComparison.Ordinal);
}
