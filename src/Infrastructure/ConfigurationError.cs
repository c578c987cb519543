namespace AiPlatform.Infrastructure;

/// <summary>The configuration does not allow a start. The message names the key to set, and never shows a secret.</summary>
public sealed class ConfigurationError(string message) : Exception(message);
