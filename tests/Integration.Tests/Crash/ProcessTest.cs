using System.Diagnostics;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>A test of real processes: two servers that run when it begins, and one limit for all it waits for.</summary>
public abstract class ProcessTest(ServerPair servers, ITestOutputHelper output) : IAsyncLifetime
{
    protected const string Model = Vendors.OpenAi;

    // A machine that is busy with other tests takes its time to start processes.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(Trials.IsFull ? 30 : 5));

    protected ServerPair Servers => servers;

    protected FakeModelServer Vendor => servers.Vendor;

    protected ITestOutputHelper Output => output;

    protected CancellationToken Ct => _limit.Token;

    public Task InitializeAsync() => Servers.EnsureRunningAsync(Ct);

    public Task DisposeAsync()
    {
        foreach (var complaint in Servers.NewComplaints()) Output.WriteLine(complaint);
        _limit.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Asks a question as a stream, at one server first and then at both in turn; the task ends with the answer.</summary>
    protected (ResumingReader Reader, Task Ends) Ask(Question question, int first, Func<ResumingReader>? reader = null)
    {
        var asking = reader?.Invoke() ?? new ResumingReader(Servers.From(first));
        return (asking, asking.ReadAsync(new { model = Model, input = question.Text, stream = true }, Ct));
    }

    /// <summary>How many requests for this answer reached the vendor.</summary>
    protected int CallsFor(Question question) => Vendor.Requests.Count(request => request.Method == "POST" && question.IsIn(request));

    /// <summary>The row of a run while it lasts, such as its <c>epoch</c>.</summary>
    protected async Task<T?> OfRunAsync<T>(string id, string column) =>
        (T?)await Servers.ScalarAsync($"SELECT {column} FROM chat.runs WHERE response_id = '{Guid.ParseExact(id["resp_".Length..], "n")}'", Ct);

    protected async Task WaitUntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo()) await Task.Delay(50, Ct);
    }

    /// <summary>The answer is whole where its reader is, and at every server.</summary>
    protected async Task ShouldBeWholeAsync(ResumingReader reader, Question question)
    {
        Proof.IsWhole(reader, question.Answer);
        for (var place = 0; place < ServerPair.Places; place++)
            if (Servers.IsRunning(place)) await Proof.IsKeptAsync(reader, Servers[place].Api, Ct);
    }

    /// <summary>Says how long readers waited for more text after something happened.</summary>
    protected void Report(string what, IEnumerable<TimeSpan?> silences)
    {
        var sorted = silences.OfType<TimeSpan>().Select(silence => silence.TotalSeconds).Order().ToList();
        Output.WriteLine(sorted.Count == 0
            ? $"{what}: no text was under way."
            : $"{what}, to the next token: median {sorted[sorted.Count / 2]:0.00} s, worst {sorted[^1]:0.00} s, of {sorted.Count} streams.");
    }

    protected static int InterruptionsOf(ResumingReader reader) =>
        reader.End!.Json.GetProperty("response").TryGetProperty("interruptions", out var count) ? count.GetInt32() : 0;

    protected static long Now => Stopwatch.GetTimestamp();
}
