using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.ModelProviders;
using Microsoft.Extensions.Configuration;

namespace AiPlatform.Application.Tests.Inference;

public sealed class ProviderSourcesTests
{
    private static readonly (string, string?) NoOllama = ("Inference:DetectOllama", "false");

    [Fact]
    public void Nothing_configured_leaves_only_the_guess_that_ollama_may_run_here()
    {
        var (name, ollama) = Read().Providers.ShouldHaveSingleItem();
        (name, ollama.BaseUrl, ollama.IsGuess, ollama.Type).ShouldBe(("ollama", "http://127.0.0.1:11434/v1", true, "openai"));
        Read(NoOllama).Providers.ShouldBeEmpty();
    }

    [Fact]
    public void Keys_of_the_environment_are_picked_up_unasked()
    {
        var providers = Read(NoOllama, ("OPENAI_API_KEY", " sk-o "), ("ANTHROPIC_API_KEY", "sk-a")).Providers;

        providers.Keys.ShouldBe(["openai", "anthropic"], ignoreOrder: true);
        (providers["openai"].Type, providers["openai"].ApiKey, providers["openai"].BaseUrl).ShouldBe(("openai", "sk-o", null));
        (providers["anthropic"].Type, providers["anthropic"].ApiKey, providers["anthropic"].BaseUrl).ShouldBe(("anthropic", "sk-a", null));
    }

    [Fact]
    public void So_are_other_addresses()
    {
        var providers = Read(NoOllama, ("OPENAI_API_KEY", "k"), ("OPENAI_BASE_URL", "https://o.example/v1"), ("ANTHROPIC_API_KEY", "k"), ("ANTHROPIC_BASE_URL", "https://a.example")).Providers;

        providers["openai"].BaseUrl.ShouldBe("https://o.example/v1");
        providers["anthropic"].BaseUrl.ShouldBe("https://a.example");
    }

    [Fact]
    public void A_compatible_server_needs_no_key() =>
        Read(NoOllama, ("OPENAI_BASE_URL", "http://localhost:8000/v1")).Providers["openai"].ApiKey.ShouldBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void An_empty_variable_is_none(string value) =>
        Read(NoOllama, ("OPENAI_API_KEY", value), ("OPENAI_BASE_URL", value), ("ANTHROPIC_API_KEY", value), ("OLLAMA_HOST", value)).Providers.ShouldBeEmpty();

    [Theory]
    [InlineData("192.168.1.5", "http://192.168.1.5:11434/v1")]
    [InlineData("gpu:8080", "http://gpu:8080/v1")]
    [InlineData("gpu:80", "http://gpu/v1")]
    [InlineData("http://gpu:1234/", "http://gpu:1234/v1")]
    [InlineData("https://ollama.example", "https://ollama.example/v1")]
    [InlineData("0.0.0.0", "http://127.0.0.1:11434/v1")]
    [InlineData("0.0.0.0:9999", "http://127.0.0.1:9999/v1")]
    public void Ollamas_host_is_understood_in_all_its_forms(string host, string url)
    {
        var ollama = Read(("OLLAMA_HOST", host)).Providers["ollama"];
        (ollama.BaseUrl, ollama.IsGuess).ShouldBe((url, false));
    }

    [Fact]
    public void What_is_configured_goes_before_the_environment()
    {
        var openAi = Read(NoOllama, ("Inference:Providers:openai:ApiKey", "configured"), ("OPENAI_API_KEY", "environment"), ("OPENAI_BASE_URL", "https://o.example/v1")).Providers["openai"];
        (openAi.ApiKey, openAi.BaseUrl).ShouldBe(("configured", null));
    }

    [Fact]
    public void The_environment_completes_what_is_configured_without_key_and_address()
    {
        var openAi = Read(NoOllama, ("Inference:Providers:OpenAI:Models:gpt-4o:ContextWindow", "1000"), ("OPENAI_API_KEY", "k")).Providers.ShouldHaveSingleItem().Value;
        (openAi.ApiKey, openAi.Models["gpt-4o"].ContextWindow).ShouldBe(("k", 1000));
    }

    [Fact]
    public void A_key_of_the_environment_never_goes_to_another_address() =>
        Read(NoOllama, ("Inference:Providers:openai:BaseUrl", "http://elsewhere.example/v1"), ("OPENAI_API_KEY", "k")).Providers["openai"].ApiKey.ShouldBeNull();

    [Fact]
    public void Everything_can_be_configured()
    {
        var options = Read(
            NoOllama, ("Inference:DiscoveryInterval", "00:01:00"), ("Inference:Timeouts:Connect", "00:00:01"), ("Inference:Timeouts:FirstToken", "00:00:02"),
            ("Inference:Timeouts:BetweenTokens", "00:00:03"), ("Inference:Timeouts:Whole", "00:00:04"), ("Inference:Providers:acme:Type", "anthropic"),
            ("Inference:Providers:acme:BaseUrl", "http://acme.example"), ("Inference:Providers:acme:Discover", "false"), ("Inference:Providers:acme:Models:fast:UpstreamName", "fast-2026"),
            ("Inference:Providers:acme:Models:fast:MaxOutputTokens", "7"));

        options.DiscoveryInterval.ShouldBe(TimeSpan.FromMinutes(1));
        var limits = options.Timeouts;
        new[] { limits.Connect, limits.FirstToken, limits.BetweenTokens, limits.Whole }.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4)]);
        var acme = options.Providers["acme"];
        (acme.Type, acme.Discover, acme.Models["fast"].UpstreamName, acme.Models["fast"].MaxOutputTokens).ShouldBe(("anthropic", false, "fast-2026", 7));
    }

    [Theory]
    [InlineData("Inference:Providers:acme:Type", "gemini", "Inference:Providers:acme:Type")]
    [InlineData("Inference:Providers:acme:Type", "openai", "Inference:Providers:acme:ApiKey")]
    [InlineData("Inference:Providers:openai:Type", "openai", "OPENAI_API_KEY")]
    [InlineData("Inference:Providers:anthropic:Type", "anthropic", "ANTHROPIC_API_KEY")]
    [InlineData("Inference:Providers:acme:BaseUrl", "acme.example/v1", "Inference:Providers:acme:BaseUrl")]
    [InlineData("Inference:Providers:acme:BaseUrl", "ftp://acme.example", "Inference:Providers:acme:BaseUrl")]
    [InlineData("Inference:Providers:offline:ApiKey", "k", "Inference:Providers:offline")]
    [InlineData("Inference:Providers:Offline:ApiKey", "k", "Inference:Providers:Offline")]
    [InlineData("OPENAI_BASE_URL", "localhost:8000", "OPENAI_BASE_URL")]
    [InlineData("OLLAMA_HOST", "not a host", "OLLAMA_HOST")]
    [InlineData("OLLAMA_HOST", "ftp://host", "OLLAMA_HOST")]
    [InlineData("Inference:Timeouts:Connect", "00:00:00", "Inference:Timeouts:Connect")]
    [InlineData("Inference:Timeouts:FirstToken", "-00:00:01", "Inference:Timeouts:FirstToken")]
    [InlineData("Inference:Timeouts:BetweenTokens", "2.00:00:00", "Inference:Timeouts:BetweenTokens")]
    [InlineData("Inference:Timeouts:Whole", "1.00:00:01", "Inference:Timeouts:Whole")]
    [InlineData("Inference:Timeouts:Whole", "soon", "Inference:Timeouts:Whole")]
    [InlineData("Inference:DiscoveryInterval", "00:00:00", "Inference:DiscoveryInterval")]
    [InlineData("Inference:DetectOllama", "perhaps", "Inference:DetectOllama")]
    public void What_is_wrong_is_named_by_the_key_to_set(string key, string value, string named) =>
        Should.Throw<ConfigurationError>(() => Read((key, value))).Message.ShouldContain(named);

    [Fact]
    public void An_unreachable_address_of_anthropic_is_named_too() =>
        Should.Throw<ConfigurationError>(() => Read(("ANTHROPIC_API_KEY", "sk-secret"), ("ANTHROPIC_BASE_URL", "a.example"))).Message.ShouldSatisfyAllConditions(
            message => message.ShouldContain("ANTHROPIC_BASE_URL"),
            message => message.ShouldNotContain("sk-secret"));

    private static InferenceOptions Read(params (string Key, string? Value)[] settings) => ProviderSources.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value))).Build());
}
