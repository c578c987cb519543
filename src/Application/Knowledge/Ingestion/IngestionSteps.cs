using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Ingestion;

/// <summary>The steps in their order, each measured.</summary>
internal sealed class IngestionSteps(ExtractStep extract, ChunkStep chunk, EmbedStep embed, IndexStep index, SwitchStep @switch, IngestionMetrics metrics, TimeProvider clock)
{
    /// <summary>Does the step the file has come to, and returns the file as it is then, in the next; null after the last.</summary>
    public async Task<ClaimedFile?> RunAsync(ClaimedFile file, CancellationToken cancellationToken)
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

    private async Task<ClaimedFile?> StepAsync(ClaimedFile file, CancellationToken cancellationToken)
    {
        switch (file.Step)
        {
            case IngestionStep.Extract: return await extract.RunAsync(file, cancellationToken);
            case IngestionStep.Chunk: return await chunk.RunAsync(file, cancellationToken);
            case IngestionStep.Embed: return await embed.RunAsync(file, cancellationToken);
            case IngestionStep.Index: return await index.RunAsync(file, cancellationToken);
            default:
                await @switch.RunAsync(file, cancellationToken);
                return null;
        }
    }
}
