using System.Text;
using System.Text.Json;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Application.Tests.Chat.Runs;

/// <summary>Responses and runs as they stand before the model has said a word.</summary>
internal static class SomeRun
{
    public static DateTimeOffset Now { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static Response Response(bool store = true) =>
        Domain.Chat.Response.Start(new ResponseStart(Ids.New<WorkspaceId>(Now), Ids.New<UserId>(Now), null, "m", null, null, store, TimeSpan.FromDays(1)), Now);

    public static ModelCall Call(bool takesPrefill = false, ChatCompletionRequest? request = null) => new(
        new ModelDescriptor { Id = "m", Provider = "p", UpstreamName = "theirs", TakesPrefill = takesPrefill },
        request ?? new ChatCompletionRequest { Model = "m", Messages = [Message("system", "Be brief."), Message("user", "When does it open?")] });

    public static ChatMessage Message(string role, string text) => new() { Role = role, Content = JsonSerializer.SerializeToElement(text) };

    public static ResponseRun Of(Response response, ModelCall? call = null) => new(response, call ?? Call(), FoldedRun.CallerOf(response), [], CancellationToken.None);

    public static FileCitation Citation(string quote) =>
        new() { FileId = "file-1", Filename = "a.txt", Index = 0, FileIndex = 0, VectorStoreId = "vs_1", Quote = quote, Start = 0, End = quote.Length, Page = 1 };

    public static string TextOf(WireEvent @event) => Encoding.UTF8.GetString(@event.Json.Span);

    /// <summary>Applies events, and writes them for the wire, numbered from there on.</summary>
    public static List<WireEvent> Write(this Response response, long first, params IEnumerable<ResponseEvent> events)
    {
        var wire = new List<WireEvent>();
        foreach (var @event in events)
        {
            response.Apply(@event, Now);
            wire.Add(ResponseEventJson.ToWire(response, @event, first + wire.Count));
        }

        return wire;
    }

    /// <summary>The model has said this, and broke off.</summary>
    public static void Says(this Response response, string text)
    {
        if (response.Output is not [.., MessageItem { Status: ItemStatus.InProgress }])
        {
            response.Apply(new ResponseEvent.ItemAdded(response.Output.Count, new MessageItem(ItemId.New(Now))), Now);
            response.Apply(new ResponseEvent.PartAdded(response.Output.Count - 1, 0, PartKind.Text), Now);
        }

        response.Apply(new ResponseEvent.Delta(response.Output.Count - 1, 0, text), Now);
    }
}
