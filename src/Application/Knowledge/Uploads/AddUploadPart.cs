using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Uploads;

/// <summary>Takes a part of an upload in, out of a form that is read as it arrives. Parts may come in any order, and at the same time.</summary>
public sealed record AddUploadPart(string UploadId, IAsyncEnumerable<FormField> Form, long? DeclaredBytes) : IRequest<UploadPartView>;

internal sealed class AddUploadPartHandler(IKnowledgeDb db, IFileStorage storage, FileClearing clearing, TimeProvider clock) : IRequestHandler<AddUploadPart, UploadPartView>
{
    private const string DataField = "data";

    public async Task<UploadPartView> Handle(AddUploadPart request, CancellationToken cancellationToken)
    {
        var upload = await db.RequireUploadAsync(request.UploadId, cancellationToken);
        upload.RequirePending(clock.GetUtcNow());
        if (request.DeclaredBytes - FormField.MostOverhead > UploadPart.MaxBytes) throw TooLarge();
        UploadPart? part = null;
        var isKept = false;
        try
        {
            await foreach (var field in request.Form.WithCancellation(cancellationToken))
            {
                if (field.Name != DataField) continue;
                if (part is not null) throw Invalid("the form has more than one. Send each part by a request of its own.");
                part = UploadPart.Begin(upload, clock.GetUtcNow());
                db.UploadParts.Add(part);
                await db.SaveChangesAsync(cancellationToken);
                part.Complete(await ReceiveAsync(part, field.Content, cancellationToken));
            }

            if (part is null) throw Invalid("the form does not have it.");
            await KeepAsync(upload, part, cancellationToken);
            isKept = true;
            return UploadPartView.Of(part);
        }
        finally
        {
            if (part is not null && !isKept) await clearing.ClearAsync([part]);
        }
    }

    private async Task<long> ReceiveAsync(UploadPart part, Stream content, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(FileIntake.TimeLimit);
        try
        {
            return (await storage.WriteAsync(part.StorageKey, content, UploadPart.MaxBytes, limit.Token)).Bytes;
        }
        catch (ContentTooLarge)
        {
            throw TooLarge();
        }
    }

    // The upload may have ended while the part arrived. Then nothing would ever use the part.
    private async Task KeepAsync(Upload upload, UploadPart part, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var kept = await db.UploadParts
            .Where(row => row.Id == part.Id && db.Uploads.Any(one => one.Id == upload.Id && one.Status == UploadStatus.Pending && one.ExpiresAt > now))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Bytes, part.Bytes), cancellationToken);
        if (kept > 0) return;
        var current = await db.Uploads.AsNoTracking().SingleOrDefaultAsync(one => one.Id == upload.Id, cancellationToken) ?? throw NotFound.Of("Upload", upload.Id.ToWire());
        current.RequirePending(now);
    }

    private static TooLarge TooLarge() => new("part_too_large", $"A part has {UploadPart.MaxBytes} bytes (64 MiB) at most. Send more parts.", DataField);

    private static InvalidRequest Invalid(string why) => new("invalid_value", $"Invalid '{DataField}': {why}", DataField);
}
