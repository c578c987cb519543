using System.Buffers;
using System.Text.Json;

namespace AiPlatform.FakeModels;

/// <summary>One vendor's wire format: how a request is read, and how an answer, a stream and an error are written.</summary>
internal abstract class Vendor
{
    public abstract Prompt Read(JsonElement body, IHeaderDictionary headers);

    public abstract StreamFormat Stream(Call call);

    public abstract void WriteWhole(Utf8JsonWriter json, Call call);

    public abstract void WriteError(Utf8JsonWriter json, VendorError error, string requestId);

    public abstract VendorError ErrorFor(int status, string model);

    public abstract VendorError TooLong(int promptTokens, int window);

    public abstract VendorError? RefusePrefill(Prompt prompt);

    public abstract void SetHeaders(IHeaderDictionary headers, string requestId);
}

/// <summary>The events of one streamed answer.</summary>
internal abstract class StreamFormat
{
    public abstract void Begin(IBufferWriter<byte> output);

    public abstract void Write(IBufferWriter<byte> output, int choice, Piece piece);

    public abstract void Ping(IBufferWriter<byte> output);

    public abstract void Fail(IBufferWriter<byte> output);

    public abstract void End(IBufferWriter<byte> output);

    protected static void Put(IBufferWriter<byte> output, ReadOnlySpan<byte> head, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> tail)
    {
        var length = head.Length + middle.Length + tail.Length;
        if (length > 2048)
        {
            output.Write(head);
            output.Write(middle);
            output.Write(tail);
            return;
        }

        var span = output.GetSpan(length);
        head.CopyTo(span);
        middle.CopyTo(span[head.Length..]);
        tail.CopyTo(span[(head.Length + middle.Length)..]);
        output.Advance(length);
    }
}

/// <summary>A request that was understood, with its answer: one per choice.</summary>
internal sealed record Call(long Number, string Id, Prompt Prompt, FakeDirective Directive, IReadOnlyList<Answer> Answers, long Created)
{
    public int PromptTokens => Prompt.Tokens;

    public int CompletionTokens => Answers.Sum(answer => answer.Pieces.Count);

    public int ReasoningTokens => Answers.Sum(answer => answer.ReasoningTokens);

    public string ToolId(int choice, int index) => $"{Id}_{choice}_{index}";
}

internal sealed record VendorError(int Status, string Type, string Message, string? Code = null, string? Param = null);

/// <summary>Ends a request with an error in the vendor's own envelope.</summary>
internal sealed class VendorException(VendorError error) : Exception(error.Message)
{
    public VendorError Error => error;
}
