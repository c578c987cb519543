using System.Text.Json;

namespace AiPlatform.Integration.Tests.WebSockets;

/// <summary>What tests of the WebSocket mode share.</summary>
public abstract class SocketTest(Platform platform) : PlatformTest(platform)
{
    protected const string Model = Vendors.OpenAi;

    protected static readonly string[] Ends = ["response.completed", "response.incomplete", "response.failed", "error"];

    protected Task<SocketClient> ConnectAsync(string? apiKey = null) => SocketClient.ConnectAsync(Platform.Address, apiKey ?? Platform.ApiKey, Ct);

    /// <summary>A client event with the fields of <paramref name="body"/>.</summary>
    protected static string Create(object body) => Create(JsonSerializer.Serialize(body));

    protected static string Create(string body) => """{"type":"response.create","model":"fake-chat",""" + body.TrimStart()[1..];

    /// <summary>Sends one request, and reads to its end: the events of its response, or the error.</summary>
    protected async Task<List<JsonElement>> AskAsync(SocketClient socket, object body)
    {
        await socket.SendAsync(Create(body), Ct);
        var events = new List<JsonElement>();
        do events.Add(await socket.ReadAsync(Ct));
        while (!Ends.Contains(TypeOf(events[^1])));
        return events;
    }

    /// <summary>The error that answers a request.</summary>
    protected async Task<JsonElement> ErrorOfAsync(SocketClient socket, object message)
    {
        await socket.SendAsync(message, Ct);
        var answer = await socket.ReadAsync(Ct);
        TypeOf(answer).ShouldBe("error", answer.GetRawText());
        return answer;
    }

    protected static void ShouldBeError(JsonElement answer, int status, string code, string? param)
    {
        answer.GetProperty("status").GetInt32().ShouldBe(status, answer.GetRawText());
        var error = answer.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("param").GetString().ShouldBe(param);
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        error.GetProperty("type").GetString().ShouldNotBeNullOrWhiteSpace();
    }

    protected static string TypeOf(JsonElement @event) => @event.GetProperty("type").GetString()!;

    protected static string? LaneOf(JsonElement @event) => @event.TryGetProperty("stream_id", out var lane) ? lane.GetString() : null;

    protected static JsonElement ResponseOf(IEnumerable<JsonElement> events) => events.Last().GetProperty("response");

    protected static string IdOf(IEnumerable<JsonElement> events) => ResponseOf(events).GetProperty("id").GetString()!;

    protected static string TextOf(IEnumerable<JsonElement> events) =>
        string.Concat(events.Where(@event => TypeOf(@event) == "response.output_text.delta").Select(@event => @event.GetProperty("delta").GetString()));

    /// <summary>What the vendor was sent as messages: role and text.</summary>
    protected static List<string> MessagesOf(RecordedRequest call) =>
        [.. call.Body.GetProperty("messages").EnumerateArray().Select(message => $"{message.GetProperty("role")}: {message.GetProperty("content")}")];
}
