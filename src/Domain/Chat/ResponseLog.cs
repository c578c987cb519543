using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Chat;

/// <summary>All events of a response that is final, compressed.</summary>
public sealed class ResponseLog : IBelongToWorkspace
{
    private ResponseLog()
    {
    }

    public ResponseLog(Response response, long last, byte[] payload) => (ResponseId, WorkspaceId, LastSequence, Payload) = (response.Id, response.WorkspaceId, last, payload);

    public ResponseId ResponseId { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public long LastSequence { get; private set; }
    public byte[] Payload { get; private set; } = [];
}
