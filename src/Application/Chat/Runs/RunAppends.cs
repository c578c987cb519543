using AiPlatform.Application.Chat.Wire;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Chat.Runs;

internal static class RunAppends
{
    public static RunAppend Of(ResponseRun run, IReadOnlyList<WireEvent> events) =>
        new(run.Response.Id, run.Epoch, events[0].Sequence!.Value, events[^1].Sequence!.Value, EventLines.Join(events));
}
