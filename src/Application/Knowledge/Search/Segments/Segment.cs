using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Search.Segments;

/// <summary>
/// A part of a store's index that is written once and never changed: of some chunks, which terms they have. <see cref="Blocks"/> are its terms in order, a few kilobytes each; the header
/// tells which chunks, and with which term each block begins.
/// </summary>
public sealed record Segment(int Chunks, long Length, IReadOnlyList<string> Languages, byte[] Header, IReadOnlyList<byte[]> Blocks);

/// <summary>What a search has to know of a segment first.</summary>
public sealed record SegmentInfo(long Id, VectorStoreId VectorStoreId, int Chunks, long Length, IReadOnlyList<string> Languages);
