using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>The chat port over the Messages API.</summary>
internal sealed class AnthropicChatModel(AnthropicApi api, TimeProvider clock) : IChatModel
{
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromMilliseconds(250);

    public async Task<ModelAnswer> CompleteAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var body = RequestMapper.Map(call, stream: false).ToJson();
        var message = await api.ReadObjectAsync(HttpMethod.Post, "/messages", body, cancellationToken);
        if (message.Text("type") == "error") throw api.Failures.FromErrorEvent(message.Object("error"));
        if (message.Text("type") != "message" || message.Text("id") is not { } id) throw api.Failures.InvalidResponse();

        try
        {
            var assembler = new ChatCompletionAssembler($"chatcmpl-{id}", call.Model.Id, clock.GetUtcNow());
            foreach (var delta in new EventMapper().MapMessage(message)) assembler.Add(delta);
            return assembler.ToAnswer();
        }
        catch (InvalidOperationException exception)
        {
            // A string in it was not text.
            throw api.Failures.InvalidResponse(exception);
        }
    }

    public async IAsyncEnumerable<ModelChunk> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = RequestMapper.Map(call, stream: true).ToJson();
        using var response = await api.SendAsync(HttpMethod.Post, "/messages", body, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType is not (null or "text/event-stream")) throw api.Failures.InvalidResponse();

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var events = SseParser.Create(stream, (_, data) => JsonElement.Parse(data)).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var mapper = new EventMapper();
        while (!mapper.Stopped)
        {
            if (await NextAsync(events, cancellationToken) is { Count: > 0 } deltas) yield return new ModelChunk(deltas);
        }

        await ReadToEndAsync(stream, cancellationToken);

        async ValueTask<IReadOnlyList<ModelDelta>> NextAsync(IAsyncEnumerator<SseItem<JsonElement>> from, CancellationToken token)
        {
            try
            {
                if (!await from.MoveNextAsync()) throw api.Failures.Incomplete();
                var item = from.Current.Data;
                if (item.Text("type") is not { } type) throw api.Failures.InvalidResponse();
                if (type == "error") throw api.Failures.FromErrorEvent(item.Object("error"));
                return mapper.Map(item);
            }
            catch (Exception exception)
            {
                throw api.Failures.FromException(exception, started: true, token);
            }
        }
    }

    /// <summary>Nothing follows the last event but the end of the body; a connection read up to there can be used again.</summary>
    private static async Task ReadToEndAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(LongestGoodbye);
        try
        {
            var buffer = new byte[256];
            while (await stream.ReadAsync(buffer, timeout.Token) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            // The answer is whole; only the connection is lost.
        }
    }
}
