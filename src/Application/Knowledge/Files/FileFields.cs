using System.Globalization;
using System.Text;
using AiPlatform.Domain.Common;
using FluentValidation;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>What a form says of the file in it, whether before or after it.</summary>
internal sealed record FileFields
{
    private const int MostBytes = 1024;

    public string? Purpose { get; private set; }
    public FileExpiry? ExpiresAfter { get; private set; }

    /// <summary>Reads the field if it is one of ours; others mean nothing to us.</summary>
    public async Task TakeAsync(FormField field, CancellationToken cancellationToken)
    {
        switch (field.Name)
        {
            case "purpose":
                Purpose = await TextOfAsync(field, cancellationToken);
                break;
            case "expires_after[anchor]":
                ExpiresAfter = new FileExpiry(await TextOfAsync(field, cancellationToken), ExpiresAfter?.Seconds);
                break;
            case "expires_after[seconds]":
                var text = await TextOfAsync(field, cancellationToken);
                // What is no number is out of range too, and the validator says what is in it.
                ExpiresAfter = new FileExpiry(ExpiresAfter?.Anchor, long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : -1);
                break;
        }
    }

    private static async Task<string> TextOfAsync(FormField field, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostBytes + 1];
        var length = await field.Content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MostBytes) throw new InvalidRequest("invalid_value", $"Invalid '{field.Name}': it has more than {MostBytes} bytes.", field.Name);
        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}

internal sealed class FileFieldsRules : AbstractValidator<FileFields>
{
    public FileFieldsRules()
    {
        RuleFor(fields => fields.Purpose).IsPurpose();
        RuleFor(fields => fields.ExpiresAfter!).SetValidator(new FileExpiryRules()).When(fields => fields.ExpiresAfter is not null);
    }
}
