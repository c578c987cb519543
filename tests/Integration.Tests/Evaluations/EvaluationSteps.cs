using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Integration.Tests.Evaluations;

/// <summary>What evaluations are made of, over HTTP alone: documents in a store, questions, and their end.</summary>
public static class EvaluationSteps
{
    /// <summary>A store with these documents, ready to be searched.</summary>
    public static async Task<string> StoreAsync(this ApiClient api, string model, (string Name, string Text)[] documents, CancellationToken cancellationToken)
    {
        var store = IdOf(await api.PostAsync("v1/vector_stores", new { name = "Evaluated", embedding_model = model }, cancellationToken));
        var files = new List<string>();
        foreach (var (name, text) in documents) files.Add(await api.UploadAsync(name, text, cancellationToken));
        var batch = IdOf(await api.PostAsync($"v1/vector_stores/{store}/file_batches", new { file_ids = files }, cancellationToken));
        while ((await api.GetAsync($"v1/vector_stores/{store}/file_batches/{batch}", cancellationToken)).Ok.GetProperty("status").GetString() != "completed") await Task.Delay(50, cancellationToken);
        return store;
    }

    public static async Task<string> StartAsync(this ApiClient api, object body, CancellationToken cancellationToken) => IdOf(await api.PostAsync("api/evaluations", body, cancellationToken));

    /// <summary>Waits until the evaluation is as asked for, or has ended.</summary>
    public static async Task<JsonElement> EvaluationAsync(this ApiClient api, string id, Func<JsonElement, bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            var evaluation = (await api.GetAsync($"api/evaluations/{id}", cancellationToken)).Ok;
            if (isSo(evaluation) || evaluation.GetProperty("status").GetString() is not ("queued" or "in_progress")) return evaluation;
            await Task.Delay(50, cancellationToken);
        }
    }

    public static async Task<JsonElement> CompletedAsync(this ApiClient api, string id, CancellationToken cancellationToken)
    {
        var evaluation = await api.EvaluationAsync(id, _ => false, cancellationToken);
        return evaluation.GetProperty("status").GetString() == "completed" ? evaluation : throw new InvalidOperationException($"It did not complete: {evaluation}");
    }

    private static async Task<string> UploadAsync(this ApiClient api, string name, string text, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent("assistants"), "purpose");
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        form.Add(content, "file", name);
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = form };
        return IdOf(await api.SendAsync(request, cancellationToken));
    }

    private static string IdOf(Reply reply) => reply.Ok.GetProperty("id").GetString()!;
}
