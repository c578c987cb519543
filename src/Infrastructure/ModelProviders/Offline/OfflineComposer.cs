using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Infrastructure.ModelProviders.Offline.Text;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>Decides what to answer a request with: a quotation, JSON, a call that the client insists on, or a word about itself.</summary>
internal sealed class OfflineComposer(ITokenCounter tokens)
{
    public OfflineReply Compose(ChatCompletionRequest request, CancellationToken cancellationToken)
    {
        OfflineLimits.Check(request);
        var prompt = OfflinePrompt.Read(request);
        if (ForcedTool.Of(request, prompt.Question) is { } tool)
        {
            var asked = prompt.Question.Length > 0 ? prompt.Question : prompt.EarlierQuestion;
            return OfflineReply.OfCall(tool.Name, tool.Parameters is { } parameters ? SchemaFiller.Fill(parameters, asked) : "{}");
        }

        var answer = Shape(request.ResponseFormat, Answer(prompt, cancellationToken));
        return OfflineReply.OfText(Continue(prompt.Prefill, answer), Stops(request.Stop), request.OutputLimit, text => tokens.Count(OfflineProvider.ChatModel, text));
    }

    private static string Answer(OfflinePrompt prompt, CancellationToken cancellationToken)
    {
        var answer = ExtractiveAnswerer.Answer(prompt, cancellationToken) 
            ?? (prompt.DocumentsGiven ? OfflineTexts.NoAnswerInDocuments : prompt.TextGiven ? OfflineTexts.NoAnswerInText : OfflineTexts.NothingToQuote);
        return prompt.Unreadable.Count == 0 ? answer : $"{OfflineTexts.CannotRead(prompt.Unreadable)}\n\n{answer}";
    }

    private static string Shape(ChatResponseFormat? format, string answer) => format?.Type switch
    {
        "json_schema" when format.JsonSchema is { ValueKind: JsonValueKind.Object } named && named.TryGetProperty("schema", out var schema) => SchemaFiller.Fill(schema, answer),
        "json_object" or "json_schema" => SchemaFiller.Fill(AnswerSchema, answer),
        _ => answer,
    };

    /// <summary>What is left of the answer after what it begins with already; where it begins otherwise, the answer follows as a new paragraph.</summary>
    private static string Continue(string prefill, string answer)
    {
        if (answer.StartsWith(prefill, StringComparison.Ordinal)) return answer[prefill.Length..];
        var written = prefill.TrimEnd();
        if (answer.StartsWith(written, StringComparison.Ordinal)) return answer[written.Length..].TrimStart();
        return char.IsWhiteSpace(prefill[^1]) ? answer : $"\n\n{answer}";
    }

    private static List<string> Stops(JsonElement? stop) => stop switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        _ => [],
    };

    private static readonly JsonElement AnswerSchema = JsonElement.Parse("""{"type":"object","properties":{"answer":{"type":"string"}},"required":["answer"]}""");
}
