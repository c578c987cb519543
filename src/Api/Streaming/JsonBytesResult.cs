using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Streaming;

/// <summary>JSON that is already written: a vendor's answer, or a stored object.</summary>
internal sealed class JsonBytesResult(ReadOnlyMemory<byte> json) : IActionResult
{
    public async Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, context.HttpContext.RequestAborted);
    }
}
