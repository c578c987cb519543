using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders.OpenAi;

/// <summary>
/// Reranking as it is spoken by most servers that offer it beside OpenAI's API (vLLM, llama.cpp, LocalAI, Infinity, Jina, Cohere): <c>POST {base}/rerank</c>. OpenAI itself has none.
/// </summary>
internal sealed class OpenAiReranker(OpenAiConnection connection, TimeProvider clock) : IReranker
{
    public async Task<IReadOnlyList<double>> RankAsync(ModelDescriptor model, string query, IReadOnlyList<string> documents, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, connection.At("rerank")) { Content = Body(model.UpstreamName, query, documents) };
            request.Headers.Authorization = connection.Authorization;
            using var response = await connection.Http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw OpenAiFailures.FromResponse(connection.Provider, (int)response.StatusCode, response.Headers.TryGetValues("Retry-After", out var after) ? after.FirstOrDefault() : null, body, clock);
            return Read(body, documents.Count);
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

    private static ByteArrayContent Body(string model, string query, IReadOnlyList<string> documents)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var json = WireJson.Writer(buffer);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteString("query"u8, query);
        json.WriteStartArray("documents"u8);
        foreach (var document in documents) json.WriteStringValue(document);
        json.WriteEndArray();
        json.WriteNumber("top_n"u8, documents.Count);
        json.WriteEndObject();
        json.Flush();
        return new ByteArrayContent(buffer.WrittenSpan.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    private static double[] Read(byte[] body, int documents)
    {
        using var answer = JsonDocument.Parse(body);
        var scores = new double[documents];
        Array.Fill(scores, double.NaN);
        foreach (var result in answer.RootElement.GetProperty("results").EnumerateArray())
        {
            var index = result.GetProperty("index").GetInt32();
            if (index < 0 || index >= documents) throw new FormatException($"There is no document {index}.");
            scores[index] = result.GetProperty("relevance_score").GetDouble();
        }

        return Array.TrueForAll(scores, double.IsFinite) ? scores : throw new FormatException("There is not a score for each document.");
    }
}
