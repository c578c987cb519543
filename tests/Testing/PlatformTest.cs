using AiPlatform.FakeModels;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Testing;

/// <summary>A test against a running <see cref="Testing.Platform"/>: what its sentences are made of, and a limit for all it waits for.</summary>
public abstract class PlatformTest : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource _limit = new(Limit);

    protected PlatformTest(Platform platform)
    {
        Platform = platform;
        platform.Vendor.Reset();
        platform.Vendor.ApiKey = null;
        platform.Log.Clear();
    }

    protected Platform Platform { get; }
    protected ApiClient Api => Platform.Api;
    protected FakeModelServer Vendor => Platform.Vendor;
    protected CancellationToken Ct => _limit.Token;

    /// <summary>The chat requests that reached the vendor.</summary>
    protected IReadOnlyList<RecordedRequest> VendorCalls => [.. Vendor.Requests.Where(request => request.Method == "POST")];

    /// <summary>Waits for something that happens in the background; the test's limit ends the wait.</summary>
    protected async Task<T> EventuallyAsync<T>(Func<Task<T?>> look) where T : class
    {
        while (true)
        {
            if (await look() is { } found) return found;
            await Task.Delay(25, Ct);
        }
    }

    /// <summary>Nothing was logged at this level or above; what was is shown.</summary>
    protected void ShouldNotHaveLogged(LogLevel level)
    {
        var loud = Platform.Log.Entries.Where(entry => entry.Level >= level).Select(entry => entry.Everything).ToList();
        if (loud.Count > 0) throw new InvalidOperationException("Logged: " + string.Join("\n\n", loud));
    }

    protected Task<T> EventuallyAsync<T>(Func<T?> look) where T : class => EventuallyAsync(() => Task.FromResult(look()));

    public void Dispose()
    {
        _limit.Dispose();
        GC.SuppressFinalize(this);
    }
}
