using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Errors;

/// <summary>Gives a body to the statuses that the framework sets by itself.</summary>
internal static class StatusAnswers
{
    public static async Task WriteAsync(HttpContext context)
    {
        if (!ErrorWriter.IsOpenAi(context) && !context.Request.Path.StartsWithSegments("/api")) return;
        var what = $"{context.Request.Method} {context.Request.Path}";
        var error = context.Response.StatusCode switch
        {
            404 => new ApiError(404, "unknown_url", $"Unknown request URL: {what}. See /scalar for what there is."),
            405 => new ApiError(405, "method_not_allowed", $"Not allowed to {what}. Allowed: {context.Response.Headers.Allow}."),
            413 => new ApiError(413, "request_too_large", "The request body is larger than this server accepts (setting Edge:MaxRequestBodyBytes)."),
            415 => new ApiError(415, "unsupported_media_type", "The request body must be JSON, with the header Content-Type: application/json."),
            var status => new ApiError(status, "invalid_request", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)),
        };
        await ErrorWriter.WriteAsync(context, error);
    }

    /// <summary>What model binding could not read: malformed JSON, or a value of the wrong type.</summary>
    public static IActionResult OnInvalidModel(ActionContext context)
    {
        // The reader names the place by a path that starts with $; entries without one only repeat that there is no body.
        var path = context.ModelState.Where(pair => pair.Value is { Errors.Count: > 0 }).Select(pair => pair.Key).OrderByDescending(key => key.StartsWith('$')).First();
        var inQuery = !path.StartsWith('$') && context.HttpContext.Request.Query.ContainsKey(path);
        var error = inQuery
            ? WrongType(JsonNamingPolicy.SnakeCaseLower.ConvertName(path))
            : OfValue(path, context.ModelState[path]!.Errors[0].ErrorMessage)
                ?? new ApiError(400, "invalid_json", "The request body could not be read as JSON. Send an object, with the header Content-Type: application/json.");
        return new ErrorResult(error);
    }

    /// <summary>For a value that is JSON but not what it should be, by what the reader says of it; what is no JSON at all the reader words otherwise.</summary>
    public static ApiError? OfValue(string? path, string message) =>
        path is ['$', '.', .. var param] && message.Contains("could not be converted", StringComparison.Ordinal) ? WrongType(param) : null;

    private static ApiError WrongType(string param) => new(400, "invalid_type", $"Invalid type for '{param}': the value is not of the kind this parameter takes.", param);

    private sealed class ErrorResult(ApiError error) : IActionResult
    {
        public Task ExecuteResultAsync(ActionContext context) => ErrorWriter.WriteAsync(context.HttpContext, error);
    }
}
