using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Failures;

/// <summary>A vendor that fails in one way, asked in the four ways there are: chat completion and response, whole and streamed.</summary>
public abstract class FailureTest(Platform platform) : PlatformTest(platform)
{
    /// <summary>Stands in the prompt, and by the vendor's echo in the answer: no log may have it.</summary>
    private const string Marker = "BEGONIA-7781";

    protected enum Way { Chat, StreamedChat, Response, StreamedResponse }

    protected Task<Reply> AskAsync(Way way, string model, string directive) => way is Way.Chat or Way.StreamedChat
        ? Api.PostAsync("v1/chat/completions", new { model, messages = Vendors.User($"{Marker} [[fake {directive}]]"), stream = way is Way.StreamedChat }, Ct)
        : Api.PostAsync("v1/responses", new { model, input = $"{Marker} [[fake {directive}]]", stream = way is Way.StreamedResponse }, Ct);

    protected Task<List<SseBlock>> StreamAsync(Way way, string model, string directive) => way is Way.StreamedChat
        ? Api.StreamAsync("v1/chat/completions", new { model, messages = Vendors.User($"{Marker} [[fake {directive}]]"), stream = true }, Ct)
        : Api.StreamAsync("v1/responses", new { model, input = $"{Marker} [[fake {directive}]]", stream = true }, Ct);

    /// <summary>A stream of chunks that breaks ends with one error in-band, and with no [DONE], which would claim that it is whole.</summary>
    protected static JsonElement ShouldEndInBand(List<SseBlock> events, string code)
    {
        events.ShouldNotContain(block => block.Data == "[DONE]");
        foreach (var block in events.SkipLast(1)) block.Json.TryGetProperty("error", out _).ShouldBeFalse();
        var error = events[^1].Json.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        error.TryGetProperty("type", out _).ShouldBeTrue();
        error.TryGetProperty("param", out _).ShouldBeTrue();
        return error;
    }

    /// <summary>A stream of a response ends with exactly one terminal event, here <c>response.failed</c>.</summary>
    protected static JsonElement ShouldEndFailed(List<SseBlock> events)
    {
        string[] terminal = ["response.completed", "response.incomplete", "response.failed", "error"];
        events.Count(block => terminal.Contains(block.Event)).ShouldBe(1);
        events[^1].Event.ShouldBe("response.failed");
        var response = events[^1].Json.GetProperty("response");
        response.GetProperty("status").GetString().ShouldBe("failed");
        response.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        return response;
    }

    /// <summary>One line for the call, with how it ended; and nowhere a word of prompt or answer, or a key.</summary>
    protected async Task ShouldBeLoggedOnceAsync(string model, string outcome)
    {
        // The request's own line is the last: when it is there, all others are.
        await EventuallyAsync(() => Platform.Log.Requests.FirstOrDefault());
        await EventuallyAsync(() => Platform.Log.ModelCalls.FirstOrDefault());
        var call = Platform.Log.ModelCalls.ShouldHaveSingleItem();
        call["Outcome"].ShouldBe(outcome);
        call["Model"].ShouldBe(model);
        foreach (var entry in Platform.Log.Entries)
        {
            (entry.Level < LogLevel.Error).ShouldBeTrue(entry.Everything);
            foreach (var secret in new[] { Marker, Platform.ApiKey, Platform.OpenAiSecret, Platform.AnthropicSecret }) entry.Everything.ShouldNotContain(secret);
        }
    }

    protected static void ShouldKeepSecrets(string text)
    {
        text.ShouldNotContain(Platform.OpenAiSecret);
        text.ShouldNotContain(Platform.AnthropicSecret);
    }
}
