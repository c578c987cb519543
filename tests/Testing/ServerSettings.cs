using AiPlatform.FakeModels;

namespace AiPlatform.Testing;

/// <summary>The settings that tests start the application with, in process or as a process.</summary>
public static class ServerSettings
{
    public static Dictionary<string, string?> For(TestDatabase database, FakeModelServer vendor, string apiKey, string? announceFile)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = database.ConnectionString,
            ["Bootstrap:ApiKey"] = apiKey,
            ["Inference:Providers:openai:BaseUrl"] = vendor.OpenAiBaseUri.ToString(),
            ["Inference:Providers:openai:ApiKey"] = Platform.OpenAiSecret,
            ["Inference:Providers:anthropic:Type"] = "anthropic",
            ["Inference:Providers:anthropic:BaseUrl"] = vendor.BaseUri.ToString(),
            ["Inference:Providers:anthropic:ApiKey"] = Platform.AnthropicSecret,
            // Whatever the developer's own machine has must not take part.
            ["Inference:DetectOllama"] = "false",
            ["OLLAMA_HOST"] = "",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
        };
        if (announceFile is not null) settings["Bootstrap:AnnounceFile"] = announceFile;
        return settings;
    }
}
