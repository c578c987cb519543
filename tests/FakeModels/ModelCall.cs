using System.Text;

namespace AiPlatform.FakeModels;

/// <summary>A chat request from its directive to its end.</summary>
internal static class ModelCall
{
    private static readonly byte[] HtmlPage = Encoding.UTF8.GetBytes(
        "<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body><h1>We'll be right back</h1></body></html>\n");

    public static async Task RunAsync(Exchange exchange)
    {
        var prompt = exchange.Vendor.Read(exchange.Recorded.Body, exchange.Context.Request.Headers);
        var behaviour = Behaviour.For(prompt, exchange.State.Scripts.Take(exchange.Recorded), exchange.State.Standing);
        behaviour = behaviour with { Directive = exchange.State.CountDown(behaviour.Directive) };
        var directive = behaviour.Directive;

        if (!await BeforeAnswerAsync(exchange, directive, prompt.Model)) return;
        if (directive.Window is { } window && prompt.Tokens > window) throw new VendorException(exchange.Vendor.TooLong(prompt.Tokens, window));
        if (directive.NoPrefill && prompt.Turns[^1].Speaker == Speaker.Assistant && exchange.Vendor.RefusePrefill(prompt) is { } refusal) throw new VendorException(refusal);

        var answers = Enumerable.Range(0, prompt.Choices).Select(choice => Answer.Of(prompt, behaviour, choice)).ToList();
        var recorded = exchange.Recorded;
        var call = new Call(recorded.Number, exchange.State.IdOf(recorded.Number), prompt, directive, answers, recorded.StartedAt.ToUnixTimeSeconds());
        if (prompt.Stream)
        {
            await new StreamedAnswer(exchange, call, behaviour.Script?.Gate).RunAsync();
            return;
        }

        await WholeAsync(exchange, call, behaviour.Script?.Gate);
    }

    /// <summary>The failures that come before any answer; false when one of them was the whole response.</summary>
    public static async Task<bool> BeforeAnswerAsync(Exchange exchange, FakeDirective directive, string model)
    {
        if (directive.HeadersMs > 0) await Task.Delay(directive.HeadersMs, exchange.Aborted);
        if (directive.Hang == FakeHang.Headers) await exchange.HangAsync();
        if (directive.Status is not (0 or 200))
        {
            if (directive.RetryAfter is { } seconds) exchange.Context.Response.Headers.RetryAfter = seconds;
            var error = exchange.Vendor.ErrorFor(directive.Status, model);
            throw new VendorException(error with { Code = directive.Code ?? error.Code });
        }

        if (directive.NoTools && exchange.Recorded.Body.Try("tools") is not null)
            throw new VendorException(exchange.Vendor.ErrorFor(400, model) with { Message = $"registry.ollama.ai/library/{model} does not support tools" });
        if (directive.Garbage != FakeGarbage.Headers) return true;
        await exchange.WriteBytesAsync(200, "text/html; charset=utf-8", HtmlPage);
        return false;
    }

    private static async Task WholeAsync(Exchange exchange, Call call, FakeGate? gate)
    {
        var directive = call.Directive;
        var tokens = call.CompletionTokens;
        if (gate is not null)
        {
            for (var i = 0; i < tokens; i++) await gate.PassAsync(exchange.Aborted);
        }

        var wait = directive.FirstMs + ((long)directive.DelayMs * tokens);
        if (wait > 0) await Task.Delay(TimeSpan.FromMilliseconds(wait), exchange.Aborted);
        if (directive.ErrorEvent is not null) throw new VendorException(exchange.Vendor.ErrorFor(500, call.Prompt.Model));

        var body = Exchange.Json(json => exchange.Vendor.WriteWhole(json, call));
        await WriteBodyAsync(exchange, directive, body);
        if (!exchange.WasCut) exchange.Recorded.CountTokens(tokens);
    }

    /// <summary>Writes a whole body, or the half of it that a directive leaves.</summary>
    public static async Task WriteBodyAsync(Exchange exchange, FakeDirective directive, ReadOnlyMemory<byte> body)
    {
        var cut = directive.Cut is not null || directive.CutInside != FakeCutInside.None;
        if (directive.Garbage != FakeGarbage.None) body = Encoding.UTF8.GetBytes("{\"id\": nonsense, \0\u0001 ").Concat(body[(body.Length / 2)..].ToArray()).ToArray();
        if (!cut && directive.Hang == FakeHang.None)
        {
            await exchange.WriteBytesAsync(200, "application/json", body);
            return;
        }

        var response = exchange.Context.Response;
        (response.ContentType, response.ContentLength) = ("application/json", body.Length);
        if (directive.Hang != FakeHang.First) await response.BodyWriter.WriteAsync(body[..(body.Length / 2)], exchange.Aborted);
        else await response.BodyWriter.FlushAsync(exchange.Aborted);
        if (cut) await exchange.CutAsync(directive.Reset);
        else await exchange.HangAsync();
    }
}
