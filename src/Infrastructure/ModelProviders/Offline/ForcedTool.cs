using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>The function that <c>tool_choice</c> insists on. By itself the offline model calls none.</summary>
internal static class ForcedTool
{
    public static ChatFunction? Of(ChatCompletionRequest request, string question)
    {
        if (request.ToolChoice is not { } choice) return null;
        var tools = (request.Tools ?? []).Where(tool => tool.Function is not null).Select(tool => tool.Function!).ToList();
        if (choice.ValueKind == JsonValueKind.String) return choice.ValueEquals("required") ? BestFor(question, tools) : null;
        if (choice.ValueKind != JsonValueKind.Object) return null;
        if (choice.TryGetProperty("allowed_tools", out var allowed) && allowed.ValueKind == JsonValueKind.Object)
            return Text(allowed, "mode") == "required" ? BestFor(question, Allowed(allowed, tools)) : null;

        var name = NameIn(choice) ?? throw OfflineLimits.Unsupported("a call of a tool that is not a function", "tool_choice");
        return tools.Find(tool => tool.Name == name)
            ?? throw new InvalidRequest("invalid_value", $"tool_choice names the function '{name}', which is not among the tools. Add it to 'tools'.", "tool_choice");
    }

    /// <summary>The function whose name and description share most words with the question; the first among equals.</summary>
    private static ChatFunction BestFor(string question, List<ChatFunction> tools)
    {
        if (tools.Count == 0) throw new InvalidRequest("invalid_value", "tool_choice requires a call, but no function is given. Add one to 'tools', or leave tool_choice out.", "tool_choice");
        var asked = SentenceScorer.Terms(question).ToHashSet();
        return tools.MaxBy(tool => SentenceScorer.Terms($"{tool.Name.Replace('_', ' ')} {tool.Description}").Distinct().Count(asked.Contains))!;
    }

    private static List<ChatFunction> Allowed(JsonElement allowed, List<ChatFunction> tools)
    {
        if (!allowed.TryGetProperty("tools", out var list) || list.ValueKind != JsonValueKind.Array) return tools;
        var names = list.EnumerateArray().Select(NameIn).ToHashSet();
        return tools.FindAll(tool => names.Contains(tool.Name));
    }

    private static string? NameIn(JsonElement choice) =>
        choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object ? Text(function, "name") : null;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
