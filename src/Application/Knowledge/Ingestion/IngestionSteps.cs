using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>The steps in their order, each measured.</summary>
internal sealed class IngestionSteps(ExtractStep extract, ChunkStep chunk, EmbedStep embed, IndexStep index, SwitchStep @switch, IngestionMetrics metrics, TimeProvider clock)
{
    /// <summary>Does the step the file has come to, and returns the next; null after the last.</summary>
    public async Task<IngestionStep?> RunAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        var (started, outcome) = (clock.GetTimestamp(), "failed");
        try
        {
            var next = await StepAsync(file, cancellationToken);
            outcome = "ok";
            return next;
        }
        finally
        {
            metrics.StepTook(file.Step, outcome, clock.GetElapsedTime(started));
        }
    }

    private async Task<IngestionStep?> StepAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        switch (file.Step)
        {
            case IngestionStep.Extract:
                await extract.RunAsync(file, cancellationToken);
                return IngestionStep.Chunk;
            case IngestionStep.Chunk:
                return await chunk.RunAsync(file, cancellationToken) ? IngestionStep.Embed : IngestionStep.Extract;
            case IngestionStep.Embed:
                await embed.RunAsync(file, cancellationToken);
                return IngestionStep.Index;
            case IngestionStep.Index:
                await index.RunAsync(file, cancellationToken);
                return IngestionStep.Switch;
            default:
                await @switch.RunAsync(file, cancellationToken);
                return null;
        }
    }
}
