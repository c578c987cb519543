namespace AiPlatform.Application.Knowledge.Files;

/// <summary>
/// A field of a form as it arrives. <see cref="Content"/> is read once, and before the next field is asked for: nothing of a form is kept on its way.
/// </summary>
/// <param name="Name">The field's name.</param>
/// <param name="Filename">As the client wrote it; null where the field is no file.</param>
/// <param name="Content">The field's bytes.</param>
public sealed record FormField(string Name, string? Filename, Stream Content)
{
    /// <summary>More than any form has around its file.</summary>
    public const long MostOverhead = 1024 * 1024;
}
