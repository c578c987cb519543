namespace AiPlatform.Integration.Tests.Crash;

/// <summary>A test of real processes: a database and a fake vendor of its own that outlive them, and one limit for all of it.</summary>
public abstract class ProcessTest : IAsyncLifetime
{
    // A machine that is busy with other tests takes its time to start processes.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));

    protected TestDatabase Database { get; private set; } = null!;

    protected FakeModelServer Vendor { get; private set; } = null!;

    protected CancellationToken Ct => _limit.Token;

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync(Ct);
        Vendor = await FakeModelServer.StartAsync(cancellationToken: Ct);
    }

    public async Task DisposeAsync()
    {
        await Vendor.DisposeAsync();
        await Database.DisposeAsync();
        _limit.Dispose();
    }
}
