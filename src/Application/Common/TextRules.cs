using FluentValidation;

namespace AiPlatform.Application.Common;

internal static class TextRules
{
    /// <summary>A name, title or the like: one line, without characters that nobody sees and of which PostgreSQL refuses one (NUL).</summary>
    public static IRuleBuilderOptions<T, string?> IsLine<T>(this IRuleBuilder<T, string?> rule, int maxLength) => rule
        .MaximumLength(maxLength)
        .Must(text => text is null || !text.Any(char.IsControl)).WithMessage("it must be one line, without control characters.");
}
