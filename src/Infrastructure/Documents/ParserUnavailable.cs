namespace AiPlatform.Infrastructure.Documents;

/// <summary>A document could not be read for a reason that is not in it: a tool is missing, or something ended its parser. Another try may succeed.</summary>
public sealed class ParserUnavailable(string message) : Exception(message);
