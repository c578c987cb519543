using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiPlatform.FakeModels;

/// <summary>What other processes can ask and tell the server, under <c>/fake/</c>.</summary>
internal static class Control
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static async Task HandleAsync(HttpContext context, FakeState state)
    {
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET", "/fake/requests"):
                await AnswerAsync(context, state.Log.Snapshot());
                break;
            case ("GET", "/fake/stats"):
                await AnswerAsync(context, Stats(state));
                break;
            case ("POST", "/fake/reset"):
                state.Reset();
                await AnswerAsync(context, Stats(state));
                break;
            case ("POST", "/fake/enqueue"):
                await ApplyAsync(context, keys => state.Scripts.Add(FakeScript.Do(keys)));
                break;
            case ("POST", "/fake/standing"):
                await ApplyAsync(context, keys => state.Standing = keys.Length == 0 ? null : FakeDirective.Parse(keys));
                break;
            default:
                context.Response.StatusCode = 404;
                await AnswerAsync(context, new { error = "There is GET /fake/requests, GET /fake/stats, POST /fake/reset, POST /fake/enqueue and POST /fake/standing (body: directive keys as text)." });
                break;
        }
    }

    private static object Stats(FakeState state) => new
    {
        totals = state.Log.Totals(),
        cpuSeconds = Environment.CpuUsage.TotalTime.TotalSeconds,
        workingSetBytes = Environment.WorkingSet,
    };

    private static async Task ApplyAsync(HttpContext context, Action<string> apply)
    {
        using var reader = new StreamReader(context.Request.Body);
        var keys = (await reader.ReadToEndAsync(context.RequestAborted)).Trim();
        try
        {
            apply(keys);
            await AnswerAsync(context, new { ok = true });
        }
        catch (FormatException mistake)
        {
            context.Response.StatusCode = 400;
            await AnswerAsync(context, new { error = mistake.Message });
        }
    }

    private static Task AnswerAsync<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, Options, context.RequestAborted);
}
