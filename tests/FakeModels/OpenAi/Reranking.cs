using System.Text.Json;

namespace AiPlatform.FakeModels.OpenAi;

/// <summary>Not OpenAI's, but offered beside its API by many: the more words a document shares with the query, the better. A document that says "rank=0.9" has that.</summary>
internal static class Reranking
{
    private const string Said = "rank=";

    public static async Task RunAsync(Exchange exchange)
    {
        var body = exchange.Recorded.Body;
        if (body.TryText("model") is not { Length: > 0 } model) throw Refuse("you must provide a model parameter");
        if (body.TryText("query") is not { Length: > 0 } query) throw Refuse("you must provide a query");
        if (!body.TryGetProperty("documents", out var given) || given.ValueKind is not JsonValueKind.Array) throw Refuse("you must provide documents");
        var documents = given.EnumerateArray().Select(document => document.GetString() ?? "").ToList();
        var directive = exchange.State.CountDown(exchange.State.Scripts.Take(exchange.Recorded)?.Directive ?? FakeDirective.Find(query) ?? exchange.State.Standing ?? new FakeDirective());
        if (!await ModelCall.BeforeAnswerAsync(exchange, directive, model)) return;

        var asked = FakeEmbedding.For(query);
        var ranked = documents.Select((document, index) => (index, Score: ScoreOf(asked, document))).OrderByDescending(result => result.Score).Take(body.TryNumber("top_n") ?? documents.Count);
        await ModelCall.WriteBodyAsync(exchange, directive, Exchange.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteStartArray("results");
            foreach (var (index, score) in ranked)
            {
                json.WriteStartObject();
                json.WriteNumber("index", index);
                json.WriteNumber("relevance_score", score);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    private static double ScoreOf(float[] asked, string document)
    {
        var said = document.IndexOf(Said, StringComparison.Ordinal);
        if (said >= 0)
        {
            var number = document.AsSpan(said + Said.Length);
            var end = number.IndexOfAnyExcept("0123456789.");
            if (double.TryParse(number[..(end < 0 ? number.Length : end)].TrimEnd('.'), System.Globalization.CultureInfo.InvariantCulture, out var score)) return score;
        }

        var vector = FakeEmbedding.For(document);
        double sum = 0;
        for (var i = 0; i < vector.Length; i++) sum += vector[i] * asked[i];
        return Math.Clamp(sum, 0, 1);
    }

    private static VendorException Refuse(string message) => new(OpenAiVendor.Instance.ErrorFor(400, "") with { Message = message });
}
