using System.Text.Json;
using AiPlatform.FakeModels.Anthropic;
using AiPlatform.FakeModels.OpenAi;

namespace AiPlatform.FakeModels;

/// <summary>Sends each request to its vendor, and records how it ended.</summary>
internal sealed class Router(FakeState state)
{
    private const string RefusedKey = "bad-key";

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (path.StartsWith("/fake/", StringComparison.Ordinal))
        {
            await Control.HandleAsync(context, state);
            return;
        }

        var recorded = state.Log.Begin(context.Request);
        var exchange = new Exchange(context, recorded, state, VendorOf(context.Request, path));
        var outcome = RequestOutcome.Completed;
        try
        {
            await AnswerAsync(exchange, path.TrimEnd('/'));
            if (exchange.WasCut) outcome = RequestOutcome.Cut;
        }
        catch (VendorException refused)
        {
            await exchange.WriteErrorAsync(refused.Error);
        }
        catch (FormatException mistake)
        {
            await exchange.WriteErrorAsync(exchange.Vendor.ErrorFor(400, "") with { Message = mistake.Message });
        }
        catch (InvalidOperationException mistake) when (!context.Response.HasStarted)
        {
            await exchange.WriteErrorAsync(exchange.Vendor.ErrorFor(400, "") with { Message = $"A value in the request is of the wrong type: {mistake.Message}" });
        }
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested && failure is OperationCanceledException or IOException)
        {
            outcome = RequestOutcome.ClientAborted;
        }
        finally
        {
            recorded.Status = context.Response.StatusCode;
            state.Log.End(recorded, outcome);
        }
    }

    private async Task AnswerAsync(Exchange exchange, string path)
    {
        exchange.Vendor.SetHeaders(exchange.Context.Response.Headers, exchange.RequestId);
        CheckKey(exchange);
        if (HttpMethods.IsPost(exchange.Context.Request.Method)) exchange.Recorded.Body = await ReadAsync(exchange);

        switch (exchange.Context.Request.Method, path)
        {
            case ("POST", "/v1/chat/completions" or "/v1/messages"):
                await ModelCall.RunAsync(exchange);
                break;
            case ("POST", "/v1/embeddings"):
                await Embeddings.RunAsync(exchange);
                break;
            case ("POST", "/v1/messages/count_tokens"):
                await MessageRequest.CountTokensAsync(exchange);
                break;
            case ("POST", "/v1/rerank"):
                await Reranking.RunAsync(exchange);
                break;
            case ("GET", _) when path.StartsWith("/v1/models", StringComparison.Ordinal):
                await Models.RunAsync(exchange, path["/v1/models".Length..].TrimStart('/'));
                break;
            default:
                throw new VendorException(exchange.Vendor.ErrorFor(404, "") with { Message = $"Invalid URL ({exchange.Context.Request.Method} {path})" });
        }
    }

    private static Vendor VendorOf(HttpRequest request, string path) =>
        path.StartsWith("/v1/messages", StringComparison.Ordinal) || request.Headers.ContainsKey("anthropic-version")
            ? AnthropicVendor.Instance
            : OpenAiVendor.Instance;

    private void CheckKey(Exchange exchange)
    {
        var headers = exchange.Context.Request.Headers;
        var bearer = headers.Authorization.ToString();
        var key = headers.TryGetValue("x-api-key", out var header) ? header.ToString()
            : bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer["Bearer ".Length..].Trim() : "";
        if (key.Length > 0 && key != RefusedKey && (state.ApiKey is null || key == state.ApiKey)) return;
        var error = exchange.Vendor.ErrorFor(401, "");
        throw new VendorException(exchange.Vendor is AnthropicVendor ? error
            : key.Length == 0 ? error with { Code = null, Message = "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)." }
            : error with { Message = error.Message.Replace(": fake.", $": {key}.", StringComparison.Ordinal) });
    }

    private static async Task<JsonElement> ReadAsync(Exchange exchange)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(exchange.Context.Request.Body, cancellationToken: exchange.Aborted);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new VendorException(exchange.Vendor.ErrorFor(400, "") with { Message = "We could not parse the JSON body of your request." });
        }
    }
}
