using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Infrastructure.ModelProviders.Offline;
using AiPlatform.Infrastructure.Tokenizers;

namespace AiPlatform.Application.Tests.Inference.Offline;

/// <summary>Shorthand for asking the offline model.</summary>
internal static class Offline
{
    public static OfflineProvider Provider { get; } = new(new TokenCounter(), TimeProvider.System);

    public static IChatModel Model => Provider.Chat;

    public static ChatCompletionRequest Request(params (string Role, string Text)[] messages) => new()
    {
        Model = "offline",
        Messages = [.. messages.Select(message => new ChatMessage { Role = message.Role, Content = JsonSerializer.SerializeToElement(message.Text) })],
    };

    public static ModelCall Call(ChatCompletionRequest request) => new(new ModelDescriptor { Id = "offline", Provider = "offline", UpstreamName = "offline" }, request);

    public static async Task<string> AnswerAsync(params (string Role, string Text)[] messages) => TextOf(await StreamAsync(Request(messages)));

    public static async Task<List<ModelDelta>> StreamAsync(ChatCompletionRequest request)
    {
        var deltas = new List<ModelDelta>();
        await foreach (var chunk in Model.StreamAsync(Call(request), CancellationToken.None)) deltas.AddRange(chunk.Deltas);
        return deltas;
    }

    public static async Task<JsonElement> CompleteAsync(ChatCompletionRequest request) =>
        JsonElement.Parse((await Model.CompleteAsync(Call(request), CancellationToken.None)).Json.Span);

    public static string TextOf(IEnumerable<ModelDelta> deltas) => string.Concat(deltas.OfType<ModelDelta.Text>().Select(text => text.Value));
}
