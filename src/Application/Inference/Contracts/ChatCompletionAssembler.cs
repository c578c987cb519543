using System.Text;
using System.Text.Json;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Inference.Contracts;

/// <summary>Folds the deltas of a model that speaks another protocol into the <c>chat.completion</c> object of the API.</summary>
public sealed class ChatCompletionAssembler(string id, string model, DateTimeOffset created)
{
    private readonly SortedDictionary<int, Choice> _choices = [];
    private TokenUsage? _usage;

    /// <summary>The annotations of the first choice, as a JSON array.</summary>
    public string? Annotations { get; set; }

    public void Add(ModelDelta delta)
    {
        switch (delta)
        {
            case ModelDelta.Text(var choice, var value, var logprobs):
                Of(choice).AddText(value, logprobs);
                break;
            case ModelDelta.Refusal(var choice, var value):
                Of(choice).Refusal.Append(value);
                break;
            case ModelDelta.Reasoning(var choice, var value):
                Of(choice).Reasoning.Append(value);
                break;
            case ModelDelta.ToolCall call:
                Of(call.Choice).AddToolCall(call);
                break;
            case ModelDelta.Finish(var choice, var reason):
                Of(choice).FinishReason = reason;
                break;
            case ModelDelta.Usage(var tokens):
                _usage = tokens;
                break;
        }
    }

    public ModelAnswer ToAnswer()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using var json = WireJson.Writer(buffer);
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, created.ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
        json.WriteStartArray("choices"u8);
        foreach (var (index, choice) in _choices) choice.Write(json, index, index == 0 ? Annotations : null);
        json.WriteEndArray();
        if (_usage is not null) ChatJson.WriteUsage(json, _usage);
        json.WriteEndObject();
        json.Flush();
        return new ModelAnswer(buffer.WrittenMemory, _usage);
    }

    private Choice Of(int index) => _choices.TryGetValue(index, out var choice) ? choice : _choices[index] = new Choice();

    private sealed class Choice
    {
        private readonly StringBuilder _text = new();
        private readonly List<JsonElement> _logprobs = [];
        private readonly SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)> _toolCalls = [];

        public StringBuilder Refusal { get; } = new();
        public StringBuilder Reasoning { get; } = new();
        public string FinishReason { get; set; } = "stop";

        public void AddText(string value, JsonElement? logprobs)
        {
            _text.Append(value);
            if (logprobs is { ValueKind: JsonValueKind.Array } tokens) _logprobs.AddRange(tokens.EnumerateArray());
        }

        public void AddToolCall(ModelDelta.ToolCall delta)
        {
            if (!_toolCalls.TryGetValue(delta.Index, out var call))
                _toolCalls[delta.Index] = call = (delta.Id ?? "", delta.Name ?? "", new StringBuilder());
            call.Arguments.Append(delta.Arguments);
        }

        public void Write(Utf8JsonWriter json, int index, string? annotations)
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, index);
            json.WriteStartObject("message"u8);
            json.WriteString("role"u8, "assistant"u8);
            if (_text.Length > 0 || (_toolCalls.Count == 0 && Refusal.Length == 0)) json.WriteString("content"u8, _text.ToString());
            else json.WriteNull("content"u8);
            if (Refusal.Length > 0) json.WriteString("refusal"u8, Refusal.ToString());
            else json.WriteNull("refusal"u8);
            if (Reasoning.Length > 0) json.WriteString("reasoning_content"u8, Reasoning.ToString());
            WriteToolCalls(json);
            if (annotations is not null)
            {
                json.WritePropertyName("annotations"u8);
                json.WriteRawValue(annotations, skipInputValidation: true);
            }

            json.WriteEndObject();
            WriteLogprobs(json);
            json.WriteString("finish_reason"u8, FinishReason);
            json.WriteEndObject();
        }

        private void WriteToolCalls(Utf8JsonWriter json)
        {
            if (_toolCalls.Count == 0) return;
            json.WriteStartArray("tool_calls"u8);
            foreach (var (callId, name, arguments) in _toolCalls.Values)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, callId);
                json.WriteString("type"u8, "function"u8);
                json.WriteStartObject("function"u8);
                json.WriteString("name"u8, name);
                json.WriteString("arguments"u8, arguments.ToString());
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        private void WriteLogprobs(Utf8JsonWriter json)
        {
            if (_logprobs.Count == 0)
            {
                json.WriteNull("logprobs"u8);
                return;
            }

            json.WriteStartObject("logprobs"u8);
            json.WriteStartArray("content"u8);
            foreach (var token in _logprobs) token.WriteTo(json);
            json.WriteEndArray();
            json.WriteNull("refusal"u8);
            json.WriteEndObject();
        }
    }
}
