using OpenAI.Chat;
using OpenAI.Responses;

namespace AiPlatform.Integration.Tests;

/// <summary>A fresh machine: no vendor is configured, and everything works all the same.</summary>
public sealed class OfflineTests(OfflineTests.Fresh platform) : PlatformTest(platform), IClassFixture<OfflineTests.Fresh>
{
    private const string Text = "The bridge was opened in 1932. It carries eight lanes of traffic. Its arch is made of steel.";

    [Fact]
    public async Task Only_the_offline_models_are_listed_and_the_platform_is_healthy()
    {
        var models = (await Platform.Sdk().GetOpenAIModelClient().GetModelsAsync(Ct)).Value;

        models.Select(model => model.Id).ShouldBe(["offline", "offline-embedding"], ignoreOrder: true);
        (await Api.GetAsync("health", Ct)).Json.GetProperty("status").GetString().ShouldBe("healthy");
    }

    [Fact]
    public async Task It_answers_a_chat_from_the_text_it_is_given()
    {
        var text = "";
        await foreach (var update in Platform.Sdk().GetChatClient("offline").CompleteChatStreamingAsync(
            [new SystemChatMessage(Text), new UserChatMessage("When was the bridge opened?")], cancellationToken: Ct))
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));

        text.ShouldContain("1932");
        VendorCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_answers_a_response_and_continues_it()
    {
        var client = Platform.Sdk().GetResponsesClient();
        ResponseResult first = await client.CreateResponseAsync("offline", $"{Text} What is the arch made of?", cancellationToken: Ct);
        first.GetOutputText().ShouldContain("steel");
        first.Usage.OutputTokenCount.ShouldBeGreaterThan(0);

        ResponseResult second = await client.CreateResponseAsync("offline", "How many lanes of traffic does it carry?", first.Id, Ct);
        second.GetOutputText().ShouldContain("eight");
    }

    public sealed class Fresh : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            foreach (var name in settings.Keys.Where(name => name.StartsWith("Inference:Providers:", StringComparison.Ordinal)).ToList()) settings.Remove(name);
            foreach (var name in new[] { "OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY" }) settings[name] = "";
        }
    }
}
