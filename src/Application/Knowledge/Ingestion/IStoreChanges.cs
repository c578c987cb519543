using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Tells, in all processes, that files of a vector store have changed. A hint: whoever needs the state reads it.</summary>
public interface IStoreChanges
{
    void Happened(VectorStoreId store);

    /// <summary>Completes at the store's next change; already when one happened since the subscription or since the last wait.</summary>
    IStoreWatch Watch(VectorStoreId store);
}

public interface IStoreWatch : IDisposable
{
    /// <summary>Ends at a change, or after this time at the latest.</summary>
    Task NextAsync(TimeSpan atMost, CancellationToken cancellationToken);
}
