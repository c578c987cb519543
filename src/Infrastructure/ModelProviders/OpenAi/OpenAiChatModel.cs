using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using OpenAI.Chat;

namespace AiPlatform.Infrastructure.ModelProviders.OpenAi;

/// <summary>
/// Chat completions of OpenAI and every server that speaks its API. Uses the SDK's protocol methods: the request goes out as the client wrote it, the
/// answer comes back byte for byte, and retries and timeouts stay ours.
/// </summary>
internal sealed class OpenAiChatModel(OpenAiConnection connection, TimeProvider clock) : IChatModel
{
    public async Task<ModelAnswer> CompleteAsync(ModelCall call, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(call, stream: false, cancellationToken);
        try
        {
            await using var content = response.ContentStream!;
            using var body = new MemoryStream();
            await content.CopyToAsync(body, cancellationToken);
            var json = body.GetBuffer().AsMemory(0, (int)body.Length);
            return new ModelAnswer(json, ReadUsage(json.Span));
        }
        catch (JsonException e)
        {
            throw VendorErrors.Garbage(connection.Provider, e);
        }
        catch (Exception e) when (e is not OperationCanceledException && VendorErrors.FromConnection(connection.Provider, e, started: true) is { } failure)
        {
            throw failure;
        }
    }

    public async IAsyncEnumerable<ModelChunk> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync(call, stream: true, cancellationToken);
        await using var content = response.ContentStream!;
        var sse = SseParser.Create(content, static (_, data) => data.ToArray());
        await using var events = sse.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var finished = false;
        while (await ReadNextAsync(events) is { } chunk)
        {
            finished = finished || chunk.Deltas.Any(delta => delta is ModelDelta.Finish);
            yield return chunk;
        }

        // Some servers leave out [DONE]; an answer without a finish reason, however, was cut off.
        if (!finished) throw VendorErrors.Incomplete(connection.Provider);
    }

    private async Task<ModelChunk?> ReadNextAsync(IAsyncEnumerator<SseItem<byte[]>> events)
    {
        try
        {
            if (!await events.MoveNextAsync()) return null;
            var data = events.Current.Data;
            return data.AsSpan().SequenceEqual("[DONE]"u8) ? null : new ModelChunk(ChatChunkReader.Read(data), data);
        }
        catch (JsonException e)
        {
            throw VendorErrors.Garbage(connection.Provider, e);
        }
        catch (Exception e) when (e is not OperationCanceledException && VendorErrors.FromConnection(connection.Provider, e, started: true) is { } failure)
        {
            throw failure;
        }
    }

    private async Task<PipelineResponse> SendAsync(ModelCall call, bool stream, CancellationToken cancellationToken)
    {
        var options = new RequestOptions { BufferResponse = false, ErrorOptions = ClientErrorBehaviors.NoThrow, CancellationToken = cancellationToken };
        var chat = connection.Client.GetChatClient(call.Model.UpstreamName);
        PipelineResponse response;
        try
        {
            var result = await chat.CompleteChatAsync(BinaryContent.Create(Body(call, stream)), options);
            response = result.GetRawResponse();
        }
        catch (Exception e) when (e is not OperationCanceledException && VendorErrors.FromConnection(connection.Provider, e, started: false) is { } failure)
        {
            throw failure;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // The socket's own connect timeout shows as a cancellation that nobody asked for.
            throw new UpstreamFailed(
                UpstreamFailure.Unreachable, "upstream_unreachable", $"The provider '{connection.Provider}' could not be connected to in time (setting Inference:Timeouts:Connect).", inner: e);
        }

        if (!response.IsError && (!stream || IsEventStream(response))) return response;
        using (response) throw await FailureOfAsync(response, cancellationToken);
    }

    private static bool IsEventStream(PipelineResponse response) =>
        response.Headers.TryGetValue("Content-Type", out var type) && type?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true;

    private async Task<UpstreamFailed> FailureOfAsync(PipelineResponse response, CancellationToken cancellationToken)
    {
        if (!response.IsError) return VendorErrors.Garbage(connection.Provider);
        response.Headers.TryGetValue("Retry-After", out var retryAfter);
        try
        {
            var body = await response.BufferContentAsync(cancellationToken);
            return OpenAiFailures.FromResponse(connection.Provider, response.Status, retryAfter, body, clock);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return OpenAiFailures.FromResponse(connection.Provider, response.Status, retryAfter, default, clock);
        }
    }

    private BinaryData Body(ModelCall call, bool stream)
    {
        var request = call.Request with
        {
            Model = call.Model.UpstreamName,
            Stream = stream,
            Store = null,
            // Usage is always asked for: it is accounted, also where the client does not want to see it.
            StreamOptions = stream ? (call.Request.StreamOptions ?? new ChatStreamOptions()) with { IncludeUsage = true } : null,
            // Servers that imitate OpenAI often know only the older name, and ignore the one they do not know.
            MaxTokens = call.Request.MaxTokens ?? (connection.IsOpenAi ? null : call.Request.MaxCompletionTokens),
            // OpenAI refuses metadata on completions that it does not store.
            Metadata = connection.IsOpenAi ? null : call.Request.Metadata,
        };
        return BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(request, InferenceJson.Wire.ChatCompletionRequest));
    }

    private static TokenUsage? ReadUsage(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) throw new JsonException("An answer must be an object.");
        TokenUsage? usage = null;
        var hasChoices = false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("usage"u8))
            {
                usage = ChatChunkReader.ReadUsage(ref reader);
                continue;
            }

            hasChoices |= reader.ValueTextEquals("choices"u8);
            reader.Read();
            reader.Skip();
        }

        return hasChoices ? usage : throw new JsonException("An answer must have choices.");
    }
}
