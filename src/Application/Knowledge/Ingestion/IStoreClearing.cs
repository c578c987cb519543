namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>Clears away, a slice at a time, what nobody can see any more. Each says false when there was nothing.</summary>
public interface IStoreClearing
{
    /// <summary>Chunks and vectors of a store that was deleted; with the last of them the store itself.</summary>
    Task<bool> ClearStoreAsync(CancellationToken cancellationToken);

    /// <summary>Vectors of a generation that nobody goes back to.</summary>
    Task<bool> ClearGenerationAsync(CancellationToken cancellationToken);
}
