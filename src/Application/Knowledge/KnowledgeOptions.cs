namespace AiPlatform.Application.Knowledge;

/// <summary>Files, vector stores and their ingestion, under <c>Knowledge</c>.</summary>
public sealed class KnowledgeOptions
{
    public const string Section = "Knowledge";

    /// <summary>The model of vector stores that name none. The offline one compares words and needs no network.</summary>
    public string EmbeddingModel { get; set; } = "offline-embedding";

    /// <summary>How long a search waits for the vector of its query, twice at most; then it goes by words alone.</summary>
    public TimeSpan QueryEmbeddingTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The chat model that words questions for search, where a search asks for that. None, or the offline one: question words are taken away, nothing more.</summary>
    public string? RewriteModel { get; set; }

    /// <summary>How long a search waits for that; then the words stay as they are.</summary>
    public TimeSpan RewriteTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The model that looks at the best passages once more. None: their order is that of the search.</summary>
    public string? RerankModel { get; set; }

    /// <summary>How long a search waits for that; then the order stays as it is.</summary>
    public TimeSpan RerankTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest file that is taken.</summary>
    public long MaxFileBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>
    /// How many documents this process ingests at once, besides one that is kept for a workspace of which nothing else is worked on. 0: none, it only serves.
    /// </summary>
    public int Workers { get; set; } = 2;
}
