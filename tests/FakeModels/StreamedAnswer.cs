using System.Buffers;
using System.IO.Pipelines;

namespace AiPlatform.FakeModels;

/// <summary>Sends an answer token by token, on schedule, up to where a directive makes it fail.</summary>
internal sealed class StreamedAnswer(Exchange exchange, Call call, FakeGate? gate)
{
    private const int UnpacedFlushBytes = 4096;

    private static readonly byte[] NoEvent = [0xFF, 0xFE, 0x00, 0x80, .. "<html>upstream connect error</html>"u8, 0xC3, 0x28, (byte)'\n', (byte)'\n'];

    private readonly FakeDirective _directive = call.Directive;
    private readonly PipeWriter _output = exchange.Context.Response.BodyWriter;
    private readonly CancellationToken _aborted = exchange.Aborted;
    private readonly StreamFormat _format = exchange.Vendor.Stream(call);

    public async Task RunAsync()
    {
        exchange.State.Log.StreamBegins();
        try
        {
            await SendAsync();
        }
        finally
        {
            exchange.State.Log.StreamEnds();
        }
    }

    private async Task SendAsync()
    {
        var response = exchange.Context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        await FlushAsync();
        if (_directive.Hang == FakeHang.First) await HangAsync();

        var pieces = InOrder();
        var clock = exchange.State.Clock;
        var started = clock.GetTimestamp();
        await WaitAsync(_directive.FirstMs);
        _format.Begin(_output);

        var (cutAt, hangAt, garbageAt) = (CutAt(pieces), HangAt(pieces), GarbageAt(pieces));
        for (var i = 0; i <= pieces.Count; i++)
        {
            if (i == cutAt)
            {
                await CutAsync(pieces, i);
                return;
            }

            if (i == hangAt) await HangAsync();
            if (i == _directive.ErrorEvent)
            {
                _format.Fail(_output);
                await FlushAsync();
                return;
            }

            if (i == garbageAt) _output.Write(Garbage());
            if (i == pieces.Count) break;
            if (gate is not null) await PassGateAsync(gate);
            await WaitUntilAsync(_directive.FirstMs + ((long)_directive.DelayMs * i), started, clock);
            _format.Write(_output, pieces[i].Choice, pieces[i].Piece);
            exchange.Recorded.CountToken();
            if (gate is not null || _output.UnflushedBytes > UnpacedFlushBytes) await FlushAsync();
        }

        if (!_directive.NoDone) _format.End(_output);
        await FlushAsync();
    }

    /// <summary>The choices of an answer take turns.</summary>
    private List<(int Choice, Piece Piece)> InOrder()
    {
        var pieces = new List<(int, Piece)>(call.CompletionTokens);
        var longest = call.Answers.Max(answer => answer.Pieces.Count);
        for (var i = 0; i < longest; i++)
        {
            for (var choice = 0; choice < call.Answers.Count; choice++)
            {
                if (i < call.Answers[choice].Pieces.Count) pieces.Add((choice, call.Answers[choice].Pieces[i]));
            }
        }

        return pieces;
    }

    private int CutAt(List<(int Choice, Piece Piece)> pieces)
    {
        if (_directive.Cut is { } cut) return Math.Min(cut, pieces.Count);
        if (_directive.CutInside == FakeCutInside.None) return -1;
        var arguments = pieces.FindLastIndex(item => item.Piece.Kind == PieceKind.ToolArguments);
        return arguments >= 0 ? arguments : pieces.Count / 2;
    }

    private int HangAt(List<(int Choice, Piece Piece)> pieces) =>
        _directive.Hang == FakeHang.Mid ? Math.Min(_directive.At ?? pieces.Count / 2, pieces.Count) : -1;

    private int GarbageAt(List<(int Choice, Piece Piece)> pieces) =>
        _directive.Garbage != FakeGarbage.None ? Math.Min(_directive.At ?? pieces.Count / 2, pieces.Count) : -1;

    private ReadOnlySpan<byte> Garbage() => _directive.Garbage == FakeGarbage.Mid
        ? "data: {\"id\": nonsense, \"choices\": [{\n\n"u8
        : NoEvent;

    private async Task CutAsync(List<(int Choice, Piece Piece)> pieces, int at)
    {
        if (_directive.CutInside != FakeCutInside.None)
        {
            var (choice, piece) = at < pieces.Count ? pieces[at] : (0, new Piece(PieceKind.Text, new Token("cut")));
            if (_directive.CutInside == FakeCutInside.Utf8) piece = new Piece(PieceKind.Text, new Token("日本語"));
            var whole = new ArrayBufferWriter<byte>();
            _format.Write(whole, choice, piece);
            var token = whole.WrittenSpan.IndexOf(piece.Token.Json);
            _output.Write(whole.WrittenSpan[..(token + (_directive.CutInside == FakeCutInside.Utf8 ? 1 : piece.Token.Json.Length / 2))]);
        }

        await FlushAsync();
        await exchange.CutAsync(_directive.Reset);
    }

    private async Task HangAsync()
    {
        await FlushAsync();
        while (_directive.PingMs > 0) await WaitAsync(_directive.PingMs);
        await exchange.HangAsync();
    }

    private async Task PassGateAsync(FakeGate open)
    {
        if (_output.UnflushedBytes > 0) await FlushAsync();
        await open.PassAsync(_aborted);
    }

    private async ValueTask WaitUntilAsync(long dueMs, long started, TimeProvider clock)
    {
        if (dueMs == 0) return;
        var wait = dueMs - (long)clock.GetElapsedTime(started).TotalMilliseconds;
        if (wait > 0) await WaitAsync(wait);
    }

    private async Task WaitAsync(long milliseconds)
    {
        if (_output.UnflushedBytes > 0) await FlushAsync();
        while (_directive.PingMs > 0 && milliseconds >= _directive.PingMs)
        {
            await Task.Delay(_directive.PingMs, _aborted);
            milliseconds -= _directive.PingMs;
            _format.Ping(_output);
            await FlushAsync();
        }

        if (milliseconds > 0) await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _aborted);
    }

    private async ValueTask FlushAsync()
    {
        _aborted.ThrowIfCancellationRequested();
        await _output.FlushAsync(_aborted);
    }
}
