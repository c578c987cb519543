using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AiPlatform.FakeModels.Anthropic;

/// <summary>The events of a streamed message: blocks open and close as the kind of piece changes.</summary>
internal sealed class MessageStream(Call call) : StreamFormat
{
    private static readonly byte[] Ending = "\"}}\n\n"u8.ToArray();

    private int _block = -1;
    private Piece _open;
    private byte[] _head = [];

    public override void Begin(IBufferWriter<byte> output) => Event(output, "message_start",
        $"{{\"type\":\"message_start\",\"message\":{{\"id\":\"msg_{call.Id}\",\"type\":\"message\",\"role\":\"assistant\",\"model\":{JsonSerializer.Serialize(call.Prompt.Model)},"
        + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null"
        + (call.Directive.NoUsage ? "}}" : $",\"usage\":{Message.UsageJson(call, 1)}}}}}"));

    public override void Write(IBufferWriter<byte> output, int choice, Piece piece)
    {
        if (_block < 0 || BlockOf(piece.Kind) != BlockOf(_open.Kind) || piece.Tool != _open.Tool) Open(output, piece);
        if (piece.Kind == PieceKind.ToolStart) Put(output, _head, [], Ending);
        else Put(output, _head, piece.Token.Json, Ending);
    }

    public override void Ping(IBufferWriter<byte> output) => output.Write("event: ping\ndata: {\"type\": \"ping\"}\n\n"u8);

    public override void Fail(IBufferWriter<byte> output) =>
        Event(output, "error", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}");

    public override void End(IBufferWriter<byte> output)
    {
        Close(output);
        var answer = call.Answers[0];
        var stopSequence = answer.StopSequence is { } stop ? JsonSerializer.Serialize(stop) : "null";
        var usage = call.Directive.NoUsage ? "" : $",\"usage\":{{\"input_tokens\":{call.PromptTokens},\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":{call.CompletionTokens}}}";
        Event(output, "message_delta", $"{{\"type\":\"message_delta\",\"delta\":{{\"stop_reason\":\"{Message.StopReason(answer.Finish)}\",\"stop_sequence\":{stopSequence}}}{usage}}}");
        Event(output, "message_stop", "{\"type\":\"message_stop\"}");
    }

    private void Open(IBufferWriter<byte> output, Piece piece)
    {
        Close(output);
        _block++;
        _open = piece;
        var kind = BlockOf(piece.Kind);
        var block = kind switch
        {
            "thinking" => "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
            "tool_use" => $"{{\"type\":\"tool_use\",\"id\":\"toolu_{call.ToolId(0, piece.Tool)}\",\"name\":\"{Encoding.UTF8.GetString(piece.Token.Json)}\",\"input\":{{}}}}",
            _ => "{\"type\":\"text\",\"text\":\"\"}",
        };
        Event(output, "content_block_start", $"{{\"type\":\"content_block_start\",\"index\":{_block},\"content_block\":{block}}}");
        if (_block == 0) Ping(output);

        var (delta, field) = kind switch
        {
            "thinking" => ("thinking_delta", "thinking"),
            "tool_use" => ("input_json_delta", "partial_json"),
            _ => ("text_delta", "text"),
        };
        _head = Encoding.UTF8.GetBytes($"event: content_block_delta\ndata: {{\"type\":\"content_block_delta\",\"index\":{_block},\"delta\":{{\"type\":\"{delta}\",\"{field}\":\"");
    }

    private void Close(IBufferWriter<byte> output)
    {
        if (_block < 0) return;
        if (_open.Kind == PieceKind.Reasoning)
            Event(output, "content_block_delta", $"{{\"type\":\"content_block_delta\",\"index\":{_block},\"delta\":{{\"type\":\"signature_delta\",\"signature\":\"{Message.Signature}\"}}}}");
        Event(output, "content_block_stop", $"{{\"type\":\"content_block_stop\",\"index\":{_block}}}");
    }

    private static string BlockOf(PieceKind kind) => kind switch
    {
        PieceKind.Reasoning => "thinking",
        PieceKind.ToolStart or PieceKind.ToolArguments => "tool_use",
        _ => "text",
    };

    private static void Event(IBufferWriter<byte> output, string name, string data) =>
        output.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n"));
}
