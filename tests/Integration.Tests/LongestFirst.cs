using AiPlatform.Integration.Tests;
using AiPlatform.Integration.Tests.Crash;
using AiPlatform.Integration.Tests.Documents;
using AiPlatform.Integration.Tests.Failures;
using AiPlatform.Integration.Tests.Files;
using AiPlatform.Integration.Tests.WebSockets;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer(LongestFirst.Name, LongestFirst.Assembly)]

namespace AiPlatform.Integration.Tests;

/// <summary>Begins with the tests that wait longest: begun last, they would run when there is nothing left to run beside them.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public const string Name = "AiPlatform.Integration.Tests.LongestFirst";
    public const string Assembly = "AiPlatform.Integration.Tests";

    private static readonly string[] Long =
    [
        Trials.Name, StopTrials.Name, NameOf<SocketShutdownTests>(), IngestionTrials.Name,
        NameOf<StorageSettingsTests>(), NameOf<TimeoutTests>(), NameOf<FailoverLimitTests>(), NameOf<StartAndStopTests>(), NameOf<CorpusTests>(),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(Long, collection.DisplayName) is >= 0 and var place ? place : Long.Length);

    /// <summary>What xunit calls the collection of a class that names none.</summary>
    private static string NameOf<T>() => $"Test collection for {typeof(T).FullName}";
}
