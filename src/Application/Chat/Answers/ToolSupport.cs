using System.Collections.Concurrent;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>Which models can call tools: as configured, or else as their vendors say when they are asked for the first time.</summary>
public sealed class ToolSupport(TimeProvider clock)
{
    // A server may be started anew with another template, or another model under the same name.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _refused = new(StringComparer.Ordinal);

    internal bool IsLikely(ModelDescriptor model) =>
        model.CallsTools ?? !(_refused.TryGetValue(KeyOf(model), out var until) && until > clock.GetUtcNow());

    internal void Refused(ModelDescriptor model) => _refused[KeyOf(model)] = clock.GetUtcNow() + Memory;

    /// <summary>Whether a vendor says that it takes no tools. Ollama, vLLM and llama.cpp each say it in their own words, one of them with a 500.</summary>
    internal static bool IsRefusal(UpstreamFailed failure) =>
        (failure.Kind is UpstreamFailure.Rejected or UpstreamFailure.ServerError or UpstreamFailure.ModelNotFound)
        && (failure.Param?.StartsWith("tool", StringComparison.Ordinal) is true
            || failure.Message.Contains("tool", StringComparison.OrdinalIgnoreCase) || failure.Message.Contains("function call", StringComparison.OrdinalIgnoreCase));

    private static string KeyOf(ModelDescriptor model) => $"{model.Provider}/{model.UpstreamName}";
}
