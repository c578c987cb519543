namespace AiPlatform.Infrastructure.ModelProviders;

public static class InferenceTelemetry
{
    /// <summary>The name of the activity source and the meter of model calls.</summary>
    public const string Name = "AiPlatform.Inference";
}
