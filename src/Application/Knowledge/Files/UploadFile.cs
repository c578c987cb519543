using AiPlatform.Domain.Common;
using FluentValidation;
using MediatR;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>Takes a file in, out of a form that is read as it arrives: field by field, in whatever order they come.</summary>
public sealed record UploadFile(IAsyncEnumerable<FormField> Form, long? DeclaredBytes) : IRequest<FileView>;

internal sealed class UploadFileHandler(FileIntake intake, KnowledgeOptions options) : IRequestHandler<UploadFile, FileView>
{
    private const string FileField = "file";

    public async Task<FileView> Handle(UploadFile request, CancellationToken cancellationToken)
    {
        // Much too large is refused before it is sent.
        if (request.DeclaredBytes - FormField.MostOverhead > options.MaxFileBytes) throw FileArrival.TooLarge(options.MaxFileBytes);
        var fields = new FileFields();
        FileArrival? file = null;
        try
        {
            await foreach (var field in request.Form.WithCancellation(cancellationToken))
            {
                if (field.Name != FileField)
                {
                    await fields.TakeAsync(field, cancellationToken);
                    continue;
                }

                if (file is not null) throw Invalid("the form has more than one. Upload each file by a request of its own.");
                if (field.Filename is null) throw Invalid("it has no filename, so it is a text and not a file. In curl: -F file=@name.");
                file = await intake.BeginAsync(field.Filename, cancellationToken);
                await file.ReceiveAsync(field.Content, options.MaxFileBytes, cancellationToken);
            }

            await new FileFieldsRules().ValidateAndThrowAsync(fields, cancellationToken);
            if (file is null) throw Invalid("the form has no file.");
            return await file.KeepAsync(fields.Purpose!, FilePurposes.LifetimeOf(fields.Purpose!, fields.ExpiresAfter), cancellationToken);
        }
        finally
        {
            if (file is not null) await file.DisposeAsync();
        }
    }

    private static InvalidRequest Invalid(string why) => new("invalid_value", $"Invalid '{FileField}': {why}", FileField);
}
