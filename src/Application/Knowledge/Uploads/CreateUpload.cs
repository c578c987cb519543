using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Knowledge;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Knowledge.Uploads;

/// <summary>Begins a file that arrives in parts.</summary>
public sealed record CreateUpload(string Filename, string Purpose, long Bytes, string MimeType, FileExpiry? ExpiresAfter) : IRequest<UploadView>;

internal sealed class CreateUploadValidator : AbstractValidator<CreateUpload>
{
    private const int FilenameMaxLength = 4096;
    private const int MimeTypeMaxLength = 255;

    public CreateUploadValidator(KnowledgeOptions options)
    {
        RuleFor(request => request.Filename).NotEmpty().MaximumLength(FilenameMaxLength);
        RuleFor(request => request.Purpose).IsPurpose();
        RuleFor(request => request.MimeType).NotEmpty().IsLine(MimeTypeMaxLength);
        RuleFor(request => request.Bytes).InclusiveBetween(1, options.MaxFileBytes)
            .WithMessage($"it must be from 1 to {options.MaxFileBytes} (setting Knowledge:MaxFileBytes).");
        RuleFor(request => request.ExpiresAfter!).SetValidator(new FileExpiryRules()).When(request => request.ExpiresAfter is not null);
    }
}

internal sealed class CreateUploadHandler(IKnowledgeDb db, ICaller caller, TimeProvider clock) : IRequestHandler<CreateUpload, UploadView>
{
    public async Task<UploadView> Handle(CreateUpload request, CancellationToken cancellationToken)
    {
        var (me, now) = (caller.Current, clock.GetUtcNow());
        var lifetime = FilePurposes.LifetimeOf(request.Purpose, request.ExpiresAfter);
        var upload = Upload.Begin(me.WorkspaceId, me.UserId, FileNames.Clean(request.Filename), request.Purpose, request.MimeType, request.Bytes, lifetime, now);
        db.Uploads.Add(upload);
        await db.SaveChangesAsync(cancellationToken);
        return UploadView.Of(upload, now);
    }
}
