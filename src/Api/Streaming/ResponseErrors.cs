using AiPlatform.Api.Errors;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;

namespace AiPlatform.Api.Streaming;

internal static class ResponseErrors
{
    /// <summary>The <c>error</c> event, for what fails while a run is only being read.</summary>
    public static WireEvent InBand(ApiError error) => ResponseEventJson.Error(error.Code, error.Message, error.Param, sequence: 0);
}
