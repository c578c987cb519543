using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Knowledge.Uploads;

/// <summary>Makes the file out of the parts, in the order given. Asking again, for instance after a lost connection, shows the same file.</summary>
public sealed record CompleteUpload(string UploadId, IReadOnlyList<string>? PartIds, string? Md5) : IRequest<UploadView>;

internal sealed class CompleteUploadValidator : AbstractValidator<CompleteUpload>
{
    private const int MostParts = 10_000;

    public CompleteUploadValidator()
    {
        RuleFor(request => request.PartIds).Must(ids => ids is { Count: > 0 and <= MostParts }).WithMessage($"list the ids of the parts in their order, from 1 to {MostParts} of them.");
        RuleFor(request => request.Md5).Must(md5 => md5 is null || (md5.Length == 32 && md5.All(char.IsAsciiHexDigit))).WithMessage("it must be an MD5 hash, 32 hex digits.");
    }
}

internal sealed class CompleteUploadHandler(IKnowledgeDb db, IFileStorage storage, FileIntake intake, FileClearing clearing, TimeProvider clock)
    : IRequestHandler<CompleteUpload, UploadView>
{
    /// <summary>For putting the largest of files together.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromHours(1);

    public async Task<UploadView> Handle(CompleteUpload request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var upload = await db.RequireUploadAsync(request.UploadId, cancellationToken);
        if (upload.Status is UploadStatus.Completed) return await ShowAsync(upload, cancellationToken);
        upload.RequirePending(now);
        // Not by the request's token: a client that lost patience asks again, and finds it done.
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            return await CompleteAsync(upload, request, now, limit.Token);
        }
        catch (Exception e) when (e is PlatformException or DbUpdateConcurrencyException)
        {
            // Another request may have been faster, and have taken the parts away from this one. What this one made is discarded.
            var ended = await db.Uploads.AsNoTracking().SingleAsync(one => one.Id == upload.Id, limit.Token);
            if (ended.Status is UploadStatus.Completed) return await ShowAsync(ended, limit.Token);
            ended.RequirePending(now);
            throw;
        }
    }

    private async Task<UploadView> CompleteAsync(Upload upload, CompleteUpload request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var whole = await db.WholePartsAsync(upload, cancellationToken);
        var parts = InOrder(whole, request.PartIds!);
        RequireBytes(upload, parts);
        await using var file = await intake.BeginAsync(upload.Filename, cancellationToken);
        await using (var content = new PartsStream(storage, parts))
        {
            await file.ReceiveAsync(content, upload.Bytes, cancellationToken);
            if (request.Md5 is { } md5 && !content.HasMd5(md5))
                throw new InvalidRequest("checksum_mismatch", "The file that the parts make has another MD5 hash. Are they all there, and in their order?", "md5");
        }

        upload.Complete(file.Id, now);
        var view = UploadView.Of(upload, now, await file.KeepAsync(upload.Purpose, upload.FileExpiresAfter, cancellationToken));
        await clearing.ClearAsync(whole);
        return view;
    }

    private async Task<UploadView> ShowAsync(Upload upload, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var file = await db.Files.AsNoTracking().VisibleAt(now).SingleOrDefaultAsync(file => file.Id == upload.FileId, cancellationToken);
        return UploadView.Of(upload, now, file is null ? null : FileView.Of(file));
    }

    private static List<UploadPart> InOrder(List<UploadPart> whole, IReadOnlyList<string> ids)
    {
        var byId = whole.ToDictionary(part => part.Id);
        var parts = new List<UploadPart>();
        foreach (var id in ids)
        {
            if (Ids.Parse<UploadPartId>(id) is not { } partId || !byId.Remove(partId, out var part))
                throw new InvalidRequest("invalid_value", $"Invalid 'part_ids': this upload has no part '{id}', or the list has it twice.", "part_ids");
            parts.Add(part);
        }

        return parts;
    }

    private static void RequireBytes(Upload upload, List<UploadPart> parts)
    {
        var bytes = parts.Sum(part => part.Bytes!.Value);
        if (bytes != upload.Bytes)
            throw new InvalidRequest("size_mismatch", $"The parts have {bytes} bytes together, but the upload was begun for {upload.Bytes}.", "part_ids");
    }
}
