using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Common;
using AiPlatform.Domain.Common;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Chat.Responses;

/// <summary>The events of a response after one of them (<c>StartingAfter</c>; none: from the first) to its end, whether it has ended or not.</summary>
public sealed record FollowResponse(string Id, long? StartingAfter) : IRequest<IAsyncEnumerable<WireEvent>>;

internal sealed class FollowResponseValidator : AbstractValidator<FollowResponse>
{
    public FollowResponseValidator() => RuleFor(request => request.StartingAfter).GreaterThanOrEqualTo(0).WithMessage("it must be the sequence_number of an event, from 0.");
}

internal sealed class FollowResponseHandler(IChatDb db, ResponseFollower follower, IRunLog runLog, TimeProvider clock)
    : IRequestHandler<FollowResponse, IAsyncEnumerable<WireEvent>>
{
    public async Task<IAsyncEnumerable<WireEvent>> Handle(FollowResponse request, CancellationToken cancellationToken)
    {
        var response = await db.RequireResponseAsync(request.Id, clock.GetUtcNow(), cancellationToken);
        var page = await runLog.ReadAsync(response.WorkspaceId, response.Id, long.MaxValue, cancellationToken) ?? throw NotFound.Of("Response", request.Id);
        if (page is { IsFinal: true, LastSequence: < 0 })
            throw new InvalidRequest("events_not_kept", "This response was made by a version of the server that kept no events. Leave stream out to read it.", "stream");
        var after = request.StartingAfter ?? -1;
        if (after > page.LastSequence)
        {
            throw new InvalidRequest(
                "invalid_value", $"The stream has no event {after} yet: its last one is {page.LastSequence}. Send the sequence_number of the last event you received.", "starting_after");
        }

        return follower.FollowAsync(response.WorkspaceId, response.Id, after, cancellationToken);
    }
}
