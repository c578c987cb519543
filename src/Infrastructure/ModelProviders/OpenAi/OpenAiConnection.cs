using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using OpenAI;

namespace AiPlatform.Infrastructure.ModelProviders.OpenAi;

/// <summary>The SDK's client for one provider: our HTTP handler, no retries and no timeouts of its own.</summary>
internal sealed class OpenAiConnection
{
    private static readonly Uri OpenAi = new("https://api.openai.com/v1");

    private readonly Uri _endpoint;

    public OpenAiConnection(string provider, ProviderOptions options, HttpMessageHandler handler)
    {
        Provider = provider;
        var endpoint = options.BaseUrl is null ? OpenAi : new Uri(options.BaseUrl);
        IsOpenAi = endpoint.Host == OpenAi.Host;
        // Local servers need no key, but the SDK insists on one.
        var key = string.IsNullOrEmpty(options.ApiKey) ? "none" : options.ApiKey;
        _endpoint = endpoint;
        Authorization = new AuthenticationHeaderValue("Bearer", key);
        Http = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        Client = new OpenAIClient(new ApiKeyCredential(key), new OpenAIClientOptions
        {
            Endpoint = endpoint,
            Transport = new HttpClientPipelineTransport(Http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            UserAgentApplicationId = "AiPlatform",
        });
    }

    public string Provider { get; }
    public bool IsOpenAi { get; }
    public OpenAIClient Client { get; }

    /// <summary>For what the SDK has no word for.</summary>
    public HttpClient Http { get; }

    public AuthenticationHeaderValue Authorization { get; }

    public Uri At(string path) => new($"{_endpoint.ToString().TrimEnd('/')}/{path}");
}
