using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;

namespace AiPlatform.Domain.Knowledge;

/// <summary>The text of a file, read once for all vector stores that have it. One that an older parser read is read again.</summary>
public sealed class FileText : IBelongToWorkspace
{
    private FileText()
    {
    }

    public FileId FileId { get; private set; }
    public WorkspaceId WorkspaceId { get; private set; }
    public int ParserVersion { get; private set; }

    /// <summary>The number of the last one with text; some before it may have none.</summary>
    public int Pages { get; private set; }

    public int Characters { get; private set; }

    /// <summary>Pages and blocks, compressed.</summary>
    public byte[] Payload { get; private set; } = [];

    public static FileText Of(WorkspaceId workspace, FileId file, int parserVersion, int pages, int characters, byte[] payload) =>
        new() { FileId = file, WorkspaceId = workspace, ParserVersion = parserVersion, Pages = pages, Characters = characters, Payload = payload };
}
