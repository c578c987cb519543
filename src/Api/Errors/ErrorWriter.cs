using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Application.Common;

namespace AiPlatform.Api.Errors;

/// <summary>Writes errors: the OpenAI envelope on <c>/v1</c>, RFC 9457 problem details elsewhere.</summary>
public static class ErrorWriter
{
    private static readonly JsonSerializerOptions Json = new(WireJson.Configure(new JsonSerializerOptions())) { DefaultIgnoreCondition = JsonIgnoreCondition.Never };

    public static async Task WriteAsync(HttpContext context, ApiError error)
    {
        // For the request's log line.
        context.Items[typeof(ApiError)] = error;
        context.Response.StatusCode = error.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (error.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        // The official SDKs repeat every 409 unless this tells them not to.
        else if (error.Status == StatusCodes.Status409Conflict) context.Response.Headers["x-should-retry"] = "false";
        var isOpenAi = IsOpenAi(context);
        context.Response.ContentType = isOpenAi ? "application/json" : "application/problem+json";
        await context.Response.Body.WriteAsync(isOpenAi ? Envelope(error) : Problem(error, context.TraceIdentifier), context.RequestAborted);
    }

    public static bool IsOpenAi(HttpContext context) => context.Request.Path.StartsWithSegments("/v1");

    /// <summary><c>{"error":{message,type,param,code}}</c>: all four always present, as the SDKs expect.</summary>
    public static byte[] Envelope(ApiError error) =>
        JsonSerializer.SerializeToUtf8Bytes(new { error = new { error.Message, error.Type, error.Param, error.Code } }, Json);

    /// <summary>The same error as the event that the API sends over a WebSocket; the lane's name is not in it.</summary>
    public static byte[] SocketEvent(ApiError error) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type = "error", error.Status, error = new { error.Type, error.Code, error.Message, error.Param } }, Json);

    /// <summary>Problem details, with our <c>code</c>, the request's id and all that is wrong by field.</summary>
    public static byte[] Problem(ApiError error, string requestId) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            type = $"urn:aiplatform:error:{error.Code}",
            title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(error.Status),
            error.Status,
            Detail = error.Message,
            error.Code,
            RequestId = requestId,
            Errors = error.Fields,
        },
        Json);
}
