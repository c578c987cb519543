using System.Text.Json;

namespace AiPlatform.Integration.Tests.Documents;

/// <summary>Reads an event stream event by event.</summary>
internal sealed class EventReader(HttpResponseMessage response, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<SseBlock> _blocks = Sse.ReadAsync(response.EnsureSuccessStatusCode(), cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>The next block, comments included; null at the end.</summary>
    public async Task<SseBlock?> BlockAsync() => await _blocks.MoveNextAsync() ? _blocks.Current : null;

    /// <summary>The data of the next event, which is one of this name.</summary>
    public async Task<JsonElement> NextAsync(string name)
    {
        while (true)
        {
            var block = await BlockAsync() ?? throw new InvalidOperationException($"The stream ended before '{name}'.");
            if (block.Comment is not null) continue;
            block.Event.ShouldBe(name);
            return block.Json;
        }
    }

    /// <summary>The data of the next event of this name that is as wanted; what comes before is passed over.</summary>
    public async Task<JsonElement> UntilAsync(string name, Func<JsonElement, bool> isWanted)
    {
        while (true)
        {
            var block = await BlockAsync() ?? throw new InvalidOperationException($"The stream ended before '{name}'.");
            if (block.Event == name && isWanted(block.Json)) return block.Json;
        }
    }

    public async Task<List<SseBlock>> RestAsync()
    {
        var rest = new List<SseBlock>();
        while (await BlockAsync() is { } block) rest.Add(block);
        return rest;
    }

    public async ValueTask DisposeAsync()
    {
        await _blocks.DisposeAsync();
        response.Dispose();
    }
}
