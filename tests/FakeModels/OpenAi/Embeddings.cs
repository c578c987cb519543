using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AiPlatform.FakeModels.OpenAi;

internal static class Embeddings
{
    private const int MostInputs = 2048;

    public static async Task RunAsync(Exchange exchange)
    {
        var body = exchange.Recorded.Body;
        if (body.TryText("model") is not { Length: > 0 } model) throw Refuse("you must provide a model parameter");
        if (model == "missing-model") throw new VendorException(exchange.Vendor.ErrorFor(404, model));
        var inputs = Inputs(body);
        var size = body.TryNumber("dimensions") ?? FakeEmbedding.DefaultDimensions;
        if (size < 1) throw Refuse($"Invalid 'dimensions': {size}. Expected a value of at least 1.", "dimensions");

        var text = inputs.FirstOrDefault(input => FakeDirective.Find(input) is not null);
        var directive = exchange.State.Scripts.Take(exchange.Recorded)?.Directive
            ?? (text is null ? exchange.State.Standing : FakeDirective.Find(text)) ?? new FakeDirective();
        if (directive.ForModel is { } only && only != model) directive = directive.Behaving();
        directive = exchange.State.CountDown(directive);
        if (!await ModelCall.BeforeAnswerAsync(exchange, directive, model)) return;
        if (directive.Window is { } window && inputs.FirstOrDefault(input => Tokens(input) > window) is { } tooLong)
            throw Refuse($"This model's maximum context length is {window} tokens, however you requested {Tokens(tooLong)} tokens ({Tokens(tooLong)} in your prompt; 0 for the completion). Please reduce your prompt; or completion length.");
        if (directive.FirstMs > 0) await Task.Delay(directive.FirstMs, exchange.Aborted);

        var base64 = body.TryText("encoding_format") == "base64";
        await ModelCall.WriteBodyAsync(exchange, directive, Exchange.Json(json => Write(json, model, inputs, size, base64)));
    }

    private static void Write(Utf8JsonWriter json, string model, List<string> inputs, int size, bool base64)
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        for (var i = 0; i < inputs.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("object", "embedding");
            json.WriteNumber("index", i);
            var vector = FakeEmbedding.For(inputs[i], size);
            if (base64)
            {
                json.WriteBase64String("embedding", MemoryMarshal.AsBytes(vector.AsSpan()));
            }
            else
            {
                json.WriteStartArray("embedding");
                foreach (var value in vector) json.WriteNumberValue(value);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model", model);
        var tokens = inputs.Sum(Tokens);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens);
        json.WriteNumber("total_tokens", tokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The inputs as texts; token ids become words, so that equal ids give equal vectors.</summary>
    private static List<string> Inputs(JsonElement body)
    {
        if (body.Try("input") is not { } input) throw Refuse("Missing required parameter: 'input'.", "input");
        List<string> inputs = input.ValueKind switch
        {
            JsonValueKind.String => [input.GetString()!],
            JsonValueKind.Array when input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number => [Words(input)],
            JsonValueKind.Array => [.. input.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Array ? Words(item) : item.GetString() ?? "")],
            _ => [],
        };
        if (inputs.Count == 0 || inputs.Any(text => text.Length == 0)) throw Refuse("'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.", "input");
        if (inputs.Count > MostInputs) throw Refuse($"Invalid 'input': array too long. Expected an array with maximum length {MostInputs}, but got an array with length {inputs.Count} instead.", "input");
        return inputs;
    }

    private static string Words(JsonElement ids) =>
        string.Join(' ', ids.EnumerateArray().Select(id => id.GetInt32().ToString(CultureInfo.InvariantCulture)));

    private static int Tokens(string text) => (text.Length + 3) / 4;

    private static VendorException Refuse(string message, string? param = null) => new(OpenAiVendor.Invalid(message, param: param));
}
