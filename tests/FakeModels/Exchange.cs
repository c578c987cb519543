using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;

namespace AiPlatform.FakeModels;

/// <summary>One request on its connection, with the ways to answer and to fail.</summary>
internal sealed class Exchange(HttpContext context, RecordedRequest recorded, FakeState state, Vendor vendor)
{
    private static readonly TimeSpan PatienceAfterCut = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DeliveryBeforeReset = TimeSpan.FromMilliseconds(50);
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public HttpContext Context => context;

    public RecordedRequest Recorded => recorded;

    public FakeState State => state;

    public Vendor Vendor => vendor;

    public CancellationToken Aborted => context.RequestAborted;

    public string RequestId => "req_" + state.IdOf(recorded.Number);

    public bool WasCut { get; private set; }

    /// <summary>Waits until the client hangs up.</summary>
    public Task HangAsync() => Task.Delay(Timeout.Infinite, Aborted);

    /// <summary>
    /// Breaks the connection in the middle of the response. What was written is delivered first and the client then sees the end of
    /// the stream too early; a reset may destroy what it has not read yet.
    /// </summary>
    public async Task CutAsync(bool reset)
    {
        WasCut = true;
        if (!reset) await context.Features.GetRequired<IConnectionTransportFeature>().Transport.Output.CompleteAsync();
        try
        {
            await Task.Delay(reset ? DeliveryBeforeReset : PatienceAfterCut, Aborted);
        }
        catch (OperationCanceledException)
        {
            // The client noticed, or left by itself.
        }

        context.Abort();
    }

    public Task WriteErrorAsync(VendorError error) => WriteJsonAsync(error.Status, json => vendor.WriteError(json, error, RequestId));

    public Task WriteJsonAsync(int status, Action<Utf8JsonWriter> write) => WriteBytesAsync(status, "application/json", Json(write));

    public async Task WriteBytesAsync(int status, string contentType, ReadOnlyMemory<byte> bytes)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.BodyWriter.WriteAsync(bytes, Aborted);
    }

    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Relaxed)) write(json);
        return buffer.WrittenMemory;
    }
}
