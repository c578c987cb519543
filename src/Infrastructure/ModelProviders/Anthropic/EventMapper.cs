using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>
/// Maps what the vendor says to deltas: the events of one stream, or one whole message. Events, blocks and fields it does not know are
/// passed over, as the vendor asks of its clients.
/// </summary>
internal sealed class EventMapper
{
    private readonly Dictionary<int, OpenToolCall> _openToolCalls = [];
    private readonly UsageReader _usage = new();
    private int _toolCalls;
    private string? _stopReason;

    /// <summary>The vendor has said that the answer is whole.</summary>
    public bool Stopped { get; private set; }

    public IReadOnlyList<ModelDelta> Map(JsonElement item)
    {
        switch (item.Text("type"))
        {
            case "message_start":
                if (item.Object("message") is { } message) _usage.Read(message);
                return [];
            case "content_block_start":
                return item.Object("content_block") is { } block ? StartBlock(item.Number("index") ?? 0, block) : [];
            case "content_block_delta":
                return item.Object("delta") is { } delta ? Delta(item.Number("index") ?? 0, delta) : [];
            case "content_block_stop":
                return StopBlock(item.Number("index") ?? 0);
            case "message_delta":
                _stopReason = item.Object("delta")?.Text("stop_reason") ?? _stopReason;
                _usage.Read(item);
                return [];
            case "message_stop":
                Stopped = true;
                return End();
            default:
                return [];
        }
    }

    /// <summary>The deltas of a message that came in one piece.</summary>
    public IReadOnlyList<ModelDelta> MapMessage(JsonElement message)
    {
        var deltas = new List<ModelDelta>();
        foreach (var block in message.Items("content"))
        {
            deltas.AddRange(StartBlock(0, block));
            deltas.AddRange(StopBlock(0));
        }

        _stopReason = message.Text("stop_reason");
        _usage.Read(message);
        Stopped = true;
        deltas.AddRange(End());
        return deltas;
    }

    private IReadOnlyList<ModelDelta> StartBlock(int index, JsonElement block)
    {
        switch (block.Text("type"))
        {
            case "text":
                return block.Text("text") is { Length: > 0 } text ? [new ModelDelta.Text(0, text)] : [];
            case "thinking":
                return block.Text("thinking") is { Length: > 0 } thinking ? [new ModelDelta.Reasoning(0, thinking)] : [];
            case "tool_use":
                var call = new OpenToolCall(_toolCalls++, block.Object("input")?.GetRawText());
                _openToolCalls[index] = call;
                return [new ModelDelta.ToolCall(0, call.Number, block.Text("id"), block.Text("name"), null)];
            default:
                return [];
        }
    }

    private IReadOnlyList<ModelDelta> Delta(int index, JsonElement delta)
    {
        switch (delta.Text("type"))
        {
            case "text_delta" when delta.Text("text") is { Length: > 0 } text:
                return [new ModelDelta.Text(0, text)];
            case "thinking_delta" when delta.Text("thinking") is { Length: > 0 } thinking:
                return [new ModelDelta.Reasoning(0, thinking)];
            case "input_json_delta" when delta.Text("partial_json") is { Length: > 0 } json && _openToolCalls.TryGetValue(index, out var call):
                call.HasArguments = true;
                return [new ModelDelta.ToolCall(0, call.Number, null, null, json)];
            default:
                return [];
        }
    }

    /// <summary>A call without arguments gets no fragments from the vendor, but clients parse its arguments as JSON.</summary>
    private IReadOnlyList<ModelDelta> StopBlock(int index) =>
        _openToolCalls.Remove(index, out var call) && !call.HasArguments ? [new ModelDelta.ToolCall(0, call.Number, null, null, call.WholeInput ?? "{}")] : [];

    private IReadOnlyList<ModelDelta> End()
    {
        var finish = new ModelDelta.Finish(0, _stopReason switch
        {
            "max_tokens" or "model_context_window_exceeded" => "length",
            "tool_use" => "tool_calls",
            "refusal" => "content_filter",
            _ => "stop",
        });
        return _usage.Total is { } total ? [finish, new ModelDelta.Usage(total)] : [finish];
    }

    private sealed class OpenToolCall(int number, string? wholeInput)
    {
        public int Number { get; } = number;
        public string? WholeInput { get; } = wholeInput;
        public bool HasArguments { get; set; }
    }
}
