using AiPlatform.Application.Knowledge.Files;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.Api.Forms;

/// <summary>
/// A file to be saved and never to be shown: whatever is in it, no browser runs it under our address. Parts of it can be asked for (<c>Range</c>), and
/// whether it is still the one a client has (<c>If-None-Match</c>).
/// </summary>
internal sealed class DownloadResult(OpenedFile file) : FileStreamResult(file.Content, ContentTypes.Of(file.Filename))
{
    public override Task ExecuteResultAsync(ActionContext context)
    {
        (FileDownloadName, EnableRangeProcessing) = (file.Filename, true);
        EntityTag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(file.Hash)}\"");
        var headers = context.HttpContext.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.CacheControl = "private, no-cache";
        return base.ExecuteResultAsync(context);
    }
}
