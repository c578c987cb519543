using System.Text.Json;

namespace AiPlatform.Integration.Tests.Failures;

/// <summary>Responses whose vendor breaks off, at models that take a prefill and at models that must be asked to go on.</summary>
public abstract class FailoverTest(FailoverTest.WithPrefill platform) : FailureTest(platform)
{
    protected const string PrefillOpenAi = "prefill-chat";
    protected const string PrefillAnthropic = "prefill-claude";

    public static TheoryData<string> Models => [Vendors.OpenAi, Vendors.Anthropic, PrefillOpenAi, PrefillAnthropic];
    public static TheoryData<string> Prefilled => [PrefillOpenAi, PrefillAnthropic];
    public static TheoryData<string> Asked => Vendors.Both;

    protected static bool TakesPrefill(string model) => model.StartsWith("prefill", StringComparison.Ordinal);

    /// <summary>Streams a response to its end; whatever happened behind it, the stream is whole and what it ends with is what is stored.</summary>
    protected async Task<Streamed> StreamAsync(object body)
    {
        var events = await Api.StreamAsync("v1/responses", body, Ct);
        events.Select(block => block.Json.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, events.Count));
        string[] terminal = ["response.completed", "response.incomplete", "response.failed", "error"];
        events.Where(block => terminal.Contains(block.Event)).ShouldHaveSingleItem().ShouldBe(events[^1]);
        events.Count(block => block.Event == "response.created").ShouldBe(1);
        var streamed = new Streamed(events);
        if (streamed.Response.GetProperty("store").GetBoolean() && streamed.Status != "failed")
        {
            var stored = (await Api.GetAsync($"v1/responses/{streamed.Id}", Ct)).Ok;
            JsonElement.DeepEquals(stored, streamed.Response).ShouldBeTrue($"{stored}\n{streamed.Response}");
        }

        return streamed;
    }

    /// <summary>What a vendor was sent, the system's words aside: role and text.</summary>
    protected static List<(string Role, string Text)> TurnsOf(RecordedRequest call) => [.. call.Body.GetProperty("messages").EnumerateArray()
        .Select(message => (message.GetProperty("role").GetString()!, TextOf(message.GetProperty("content")))).Where(turn => turn.Item1 is "user" or "assistant")];

    /// <summary>The system's words.</summary>
    protected static string SystemOf(RecordedRequest call) => call.Body.TryGetProperty("system", out var system)
        ? TextOf(system)
        : TextOf(call.Body.GetProperty("messages").EnumerateArray().First(message => message.GetProperty("role").GetString() is "system" or "developer").GetProperty("content"));

    private static string TextOf(JsonElement content) =>
        content.ValueKind is JsonValueKind.String ? content.GetString()! : string.Concat(content.EnumerateArray().Select(block => block.GetProperty("text").GetString()));

    /// <summary>The events of a response, and what they add up to.</summary>
    protected sealed record Streamed(List<SseBlock> Events)
    {
        public JsonElement Response => Events[^1].Json.GetProperty("response");
        public string Id => Response.GetProperty("id").GetString()!;
        public string Status => Response.GetProperty("status").GetString()!;
        public List<JsonElement> Output => [.. Response.GetProperty("output").EnumerateArray()];
        public int Interruptions => Response.TryGetProperty("interruptions", out var count) ? count.GetInt32() : 0;
        public JsonElement Usage => Response.GetProperty("usage");
        public string Error => Response.GetProperty("error").GetProperty("message").GetString()!;

        public string Deltas(string kind) => string.Concat(Events.Where(block => block.Event == $"response.{kind}.delta").Select(block => block.Json.GetProperty("delta").GetString()));

        public List<JsonElement> Items(string type) => [.. Output.Where(item => item.GetProperty("type").GetString() == type)];
    }

    public sealed class WithPrefill : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Inference:Timeouts:FirstToken"] = "00:00:10";
            settings["Inference:Timeouts:BetweenTokens"] = "00:00:02.5";
            settings[$"Inference:Providers:openai:Models:{PrefillOpenAi}:Prefill"] = "true";
            settings[$"Inference:Providers:anthropic:Models:{PrefillAnthropic}:Prefill"] = "true";
        }
    }
}
