namespace AiPlatform.Domain.Chat;

/// <summary>A place in a document on which a statement of an answer rests. Its quote has been found there.</summary>
public sealed record FileCitation
{
    public required string FileId { get; init; }
    public required string Filename { get; init; }

    /// <summary>Where in the text of the answer it stands, in UTF-16 units.</summary>
    public int Index { get; init; }

    /// <summary>The number of the file among those that were found for this answer, from 0.</summary>
    public required int FileIndex { get; init; }

    public required string VectorStoreId { get; init; }

    /// <summary>The document's own words.</summary>
    public required string Quote { get; init; }

    /// <summary>Where in the text of the document the quote begins and ends, in UTF-16 units.</summary>
    public required int Start { get; init; }

    public required int End { get; init; }
    public required int Page { get; init; }
}
