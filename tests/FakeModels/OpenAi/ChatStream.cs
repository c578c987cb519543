using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AiPlatform.FakeModels.OpenAi;

/// <summary>Chunks of a chat completion; all but the token itself is serialised once per stream.</summary>
internal sealed class ChatStream : StreamFormat
{
    private readonly Call _call;
    private readonly byte[] _start;
    private readonly string _end;
    private readonly byte[] _textEnd;
    private readonly Dictionary<(int Choice, PieceKind Kind), byte[]> _heads = [];

    public ChatStream(Call call)
    {
        _call = call;
        _start = Encoding.UTF8.GetBytes($"data: {{\"id\":\"chatcmpl-{call.Id}\",\"object\":\"chat.completion.chunk\",\"created\":{call.Created},"
            + $"\"model\":{JsonSerializer.Serialize(call.Prompt.Model)},\"service_tier\":\"default\",\"system_fingerprint\":\"fp_fake\",\"choices\":[");
        _end = (call.Prompt.IncludeUsage ? "],\"usage\":null" : "]") + ",\"obfuscation\":\"f4keP4d\"}\n\n";
        _textEnd = Encoding.UTF8.GetBytes("\"},\"logprobs\":null,\"finish_reason\":null}" + _end);
    }

    public override void Begin(IBufferWriter<byte> output)
    {
        for (var choice = 0; choice < _call.Answers.Count; choice++)
        {
            var toolFirst = _call.Answers[choice].Pieces is [{ Kind: PieceKind.ToolStart }, ..];
            Chunk(output, choice, $"{{\"role\":\"assistant\",\"content\":{(toolFirst ? "null" : "\"\"")},\"refusal\":null}}");
        }
    }

    public override void Write(IBufferWriter<byte> output, int choice, Piece piece)
    {
        var both = piece.Kind == PieceKind.Reasoning && _call.Directive.ReasoningField == "both";
        if (piece.Kind is PieceKind.Text or PieceKind.Refusal or PieceKind.Reasoning && !both && !_call.Prompt.Logprobs)
        {
            if (!_heads.TryGetValue((choice, piece.Kind), out var head))
                _heads[(choice, piece.Kind)] = head = [.. _start, .. Encoding.UTF8.GetBytes($"{{\"index\":{choice},\"delta\":{{\"{Field(piece.Kind)}\":\"")];
            Put(output, head, piece.Token.Json, _textEnd);
            return;
        }

        var text = Encoding.UTF8.GetString(piece.Token.Json);
        var delta = piece.Kind switch
        {
            PieceKind.ToolStart => $"{{\"tool_calls\":[{{\"index\":{piece.Tool},\"id\":\"call_{_call.ToolId(choice, piece.Tool)}\",\"type\":\"function\",\"function\":{{\"name\":\"{text}\",\"arguments\":\"\"}}}}]}}",
            PieceKind.ToolArguments => $"{{\"tool_calls\":[{{\"index\":{piece.Tool},\"function\":{{\"arguments\":\"{text}\"}}}}]}}",
            _ when both => $"{{\"reasoning\":\"{text}\",\"reasoning_content\":\"{text}\"}}",
            _ => $"{{\"{Field(piece.Kind)}\":\"{text}\"}}",
        };
        Chunk(output, choice, delta, logprobs: piece.Kind == PieceKind.Text && _call.Prompt.Logprobs ? Logprobs.Json(piece.Token, _call.Prompt.TopLogprobs) : null);
    }

    public override void Ping(IBufferWriter<byte> output) => output.Write(": keep-alive\n\n"u8);

    public override void Fail(IBufferWriter<byte> output) => output.Write(
        "data: {\"error\":{\"message\":\"The server had an error while processing your request. Sorry about that!\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n"u8);

    public override void End(IBufferWriter<byte> output)
    {
        for (var choice = 0; choice < _call.Answers.Count; choice++)
            Chunk(output, choice, "{}", ChatCompletion.FinishReason(_call.Answers[choice].Finish));

        if (_call.Prompt.IncludeUsage && !_call.Directive.NoUsage)
        {
            output.Write(_start);
            output.Write(Encoding.UTF8.GetBytes($"],\"usage\":{ChatCompletion.UsageJson(_call)},\"obfuscation\":\"f4k\"}}\n\n"));
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    private string Field(PieceKind kind) => kind switch
    {
        PieceKind.Refusal => "refusal",
        PieceKind.Reasoning => _call.Directive.ReasoningField,
        _ => "content",
    };

    private void Chunk(IBufferWriter<byte> output, int choice, string delta, string? finish = null, string? logprobs = null)
    {
        var reason = finish is null ? "null" : $"\"{finish}\"";
        Put(output, _start, Encoding.UTF8.GetBytes(
            $"{{\"index\":{choice},\"delta\":{delta},\"logprobs\":{logprobs ?? "null"},\"finish_reason\":{reason}}}"), Encoding.UTF8.GetBytes(_end));
    }
}
