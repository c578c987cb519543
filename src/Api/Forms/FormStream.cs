using System.Runtime.CompilerServices;
using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Common;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.Api.Forms;

/// <summary>
/// The fields of a <c>multipart/form-data</c> request as they arrive. Nothing is kept, neither in memory nor on disk; whoever takes a field decides how much
/// of it is too much.
/// </summary>
internal static class FormStream
{
    private const int MostFields = 32;
    private const int BoundaryMaxLength = 200;
    private const int BufferLength = 64 * 1024;

    /// <summary>Of a field that nobody wanted.</summary>
    private const int MostUnread = 1024 * 1024;

    public static async IAsyncEnumerable<FormField> ReadAsync(HttpRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(BoundaryOf(request), request.Body, BufferLength);
        for (var count = 0; await NextAsync(reader, cancellationToken) is { } section; count++)
        {
            if (count == MostFields) throw Broken($"it has more than {MostFields} fields");
            var field = FieldOf(section);
            yield return field;
            await SkipAsync(field, cancellationToken);
        }
    }

    private static string BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw new BadHttpRequestException("The request body must be a form, with the header Content-Type: multipart/form-data.", StatusCodes.Status415UnsupportedMediaType);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrWhiteSpace(boundary)) throw Broken("its Content-Type names no boundary. Most programs set the header themselves, if you leave it to them");
        return boundary.Length <= BoundaryMaxLength ? boundary : throw Broken($"its boundary is longer than {BoundaryMaxLength} characters");
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception e) when (FormContent.IsBroken(e))
        {
            throw Broken("it ends in the middle, or its boundary is not the one in the Content-Type");
        }
    }

    private static FormField FieldOf(MultipartSection section)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
            throw Broken("a field has no header Content-Disposition: form-data");
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
        var filename = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        // A quote in it is escaped; a backslash is not by most, as it once stood between folders.
        var plain = HeaderUtilities.RemoveQuotes(filename).Value?.Replace("\\\"", "\"", StringComparison.Ordinal);
        return new FormField(name, plain, new FormContent(section.Body));
    }

    private static async Task SkipAsync(FormField field, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        var skipped = 0;
        while (await field.Content.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            skipped += length;
            if (skipped > MostUnread) throw new TooLarge("field_too_large", $"The form's field '{field.Name}' is not known here, and too large to be passed over.", field.Name);
        }
    }

    private static InvalidRequest Broken(string why) => new("invalid_multipart", $"The form could not be read: {why}.");

    private sealed class FormContent(Stream section) : ReadOnceStream
    {
        // What the reader of the form says, and not what the connection says: that is the client's end, or the server's.
        public static bool IsBroken(Exception e) => e is InvalidDataException || e.GetType() == typeof(IOException);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await section.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (IsBroken(e))
            {
                throw Broken("it ends in the middle of a field");
            }
        }
    }
}
