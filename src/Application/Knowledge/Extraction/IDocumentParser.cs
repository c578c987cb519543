namespace AiPlatform.Application.Knowledge.Extraction;

/// <summary>Reads the text of files of many formats, hostile ones too: in a process of its own, with limits.</summary>
public interface IDocumentParser
{
    /// <summary>Raised when what it finds in a file changes, so that texts are read anew.</summary>
    int Version { get; }

    /// <exception cref="DocumentRefused">There is no text to be had from this file, however often one tries.</exception>
    /// <exception cref="ParserUnavailable">The reason is not in the file.</exception>
    Task<ExtractedText> ParseAsync(Stream content, string filename, CancellationToken cancellationToken);
}

/// <summary>Why a file cannot be read: in the API's words.</summary>
public enum Refusal
{
    /// <summary>A format that we do not read.</summary>
    UnsupportedFile,

    /// <summary>Broken, encrypted, empty, not what its name says, or beyond the limits.</summary>
    InvalidFile,
}

/// <summary>A file cannot be read. The message says to its owner why, and where possible what to do.</summary>
public sealed class DocumentRefused(Refusal refusal, string message) : Exception(message)
{
    public Refusal Refusal { get; } = refusal;
}

/// <summary>
/// A document could not be read for a reason that is not in it: a program is missing, or something ended its parser. Another try may succeed. The message is fit
/// for whoever owns the file.
/// </summary>
public sealed class ParserUnavailable(string message) : Exception(message);
