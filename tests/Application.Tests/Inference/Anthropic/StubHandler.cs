using System.Net;
using System.Text;

namespace AiPlatform.Application.Tests.Inference.Anthropic;

/// <summary>A vendor that answers as the test says, for what no well-built server would send.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<Uri> Seen { get; } = [];

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Seen.Add(request.RequestUri!);
        return Task.FromResult(answer(request));
    }
}
