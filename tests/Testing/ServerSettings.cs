using AiPlatform.FakeModels;

namespace AiPlatform.Testing;

/// <summary>The settings that tests start the application with, in process or as a process.</summary>
public static class ServerSettings
{
    static ServerSettings() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (Directory.Exists(FileFolder)) Directory.Delete(FileFolder, recursive: true);
    };

    /// <summary>Where the servers of this test run keep files; it goes when the run ends.</summary>
    public static string FileFolder { get; } = Path.Combine(Path.GetTempPath(), $"aiplatform-files-{Environment.ProcessId}");

    public static Dictionary<string, string?> For(string postgres, FakeModelServer vendor, string apiKey) => new()
    {
        ["ConnectionStrings:Postgres"] = postgres,
        ["Bootstrap:ApiKey"] = apiKey,
        ["Inference:Providers:openai:BaseUrl"] = vendor.OpenAiBaseUri.ToString(),
        ["Inference:Providers:openai:ApiKey"] = Platform.OpenAiSecret,
        ["Inference:Providers:anthropic:Type"] = "anthropic",
        ["Inference:Providers:anthropic:BaseUrl"] = vendor.BaseUri.ToString(),
        ["Inference:Providers:anthropic:ApiKey"] = Platform.AnthropicSecret,
        ["Knowledge:Storage:Folder"] = FileFolder,
        // Whatever the developer's own machine has must not take part.
        ["Inference:DetectOllama"] = "false",
        ["OLLAMA_HOST"] = "",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
    };
}
