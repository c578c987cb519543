using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.InteropServices;
using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using Microsoft.Extensions.AI;

namespace AiPlatform.Infrastructure.ModelProviders.OpenAi;

/// <summary>Embeddings of OpenAI and compatible servers. One call of the generator is one request; the model is named in the options.</summary>
internal sealed class OpenAiEmbeddings(OpenAiConnection connection, TimeProvider clock) : IEmbeddingGenerator<EmbeddingInput, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<EmbeddingInput> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var model = options?.ModelId ?? throw new ArgumentException("The options must name a model.", nameof(options));
        try
        {
            var request = new RequestOptions { ErrorOptions = ClientErrorBehaviors.NoThrow, CancellationToken = cancellationToken };
            var result = await connection.Client.GetEmbeddingClient(model).GenerateEmbeddingsAsync(BinaryContent.Create(Body(model, [.. values], options)), request);
            var response = result.GetRawResponse();
            if (!response.IsError) return Read(response.Content, model);
            response.Headers.TryGetValue("Retry-After", out var retryAfter);
            throw OpenAiFailures.FromResponse(connection.Provider, response.Status, retryAfter, response.Content, clock);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw VendorErrors.Garbage(connection.Provider, e);
        }
        catch (Exception e) when (e is not OperationCanceledException && VendorErrors.FromConnection(connection.Provider, e, started: false) is { } failure)
        {
            throw failure;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static BinaryData Body(string model, EmbeddingInput[] values, EmbeddingGenerationOptions options)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var json = WireJson.Writer(buffer);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteString("encoding_format"u8, "float"u8);
        if (options.Dimensions is { } size) json.WriteNumber("dimensions"u8, size);
        if (options.AdditionalProperties?.GetValueOrDefault("user") is string user) json.WriteString("user"u8, user);
        json.WriteStartArray("input"u8);
        foreach (var value in values)
        {
            switch (value)
            {
                case EmbeddingInput.Text text:
                    json.WriteStringValue(text.Value);
                    break;
                case EmbeddingInput.Tokens tokens:
                    json.WriteStartArray();
                    foreach (var id in tokens.Ids) json.WriteNumberValue(id);
                    json.WriteEndArray();
                    break;
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return BinaryData.FromBytes(buffer.WrittenMemory);
    }

    private static GeneratedEmbeddings<Embedding<float>> Read(BinaryData content, string model)
    {
        using var document = JsonDocument.Parse(content);
        var data = document.RootElement.GetProperty("data").EnumerateArray().OrderBy(entry => entry.GetProperty("index").GetInt32());
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(data.Select(entry => new Embedding<float>(Vector(entry.GetProperty("embedding"))) { ModelId = model }));
        if (document.RootElement.TryGetProperty("usage", out var usage) && usage.TryGetProperty("prompt_tokens", out var tokens))
            embeddings.Usage = new UsageDetails { InputTokenCount = tokens.GetInt64() };
        return embeddings;
    }

    // Floats were asked for; some servers send base64 all the same.
    private static float[] Vector(JsonElement embedding) => embedding.ValueKind is JsonValueKind.String
        ? MemoryMarshal.Cast<byte, float>(embedding.GetBytesFromBase64()).ToArray()
        : [.. embedding.EnumerateArray().Select(value => value.GetSingle())];
}
