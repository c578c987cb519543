using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Infrastructure.Documents.Parsing;

/// <summary>What the owner of a file is told: what is wrong, and what to do about it.</summary>
internal static class Refuse
{
    public static DocumentRefused Empty() => Invalid("This file is empty. Upload it again with its content.");

    public static DocumentRefused NoText(string what) => Invalid($"No text was found in this {what}.");

    public static DocumentRefused Protected(string what) => Invalid($"This {what} is protected by a password. Remove the password and upload the file again.");

    public static DocumentRefused Damaged(string what) => Invalid($"This {what} is damaged or not complete. Open it in the program that made it, save it anew and upload that.");

    public static DocumentRefused Bomb(string what) =>
        Invalid($"This {what} unpacks to far more than its size, as attacks do, and was not read. Save its text in another format if it is harmless.");

    public static DocumentRefused TooDeep(string what, int levels) => Invalid($"This {what} is nested more than {levels} levels deep. Flatten it and upload it again.");

    public static DocumentRefused TooMuchText(int characters) => Invalid(FormattableString.Invariant(
        $"This file has more than {characters:N0} characters of text, the most that is read. Split it and upload the parts."));

    public static DocumentRefused TooManyPages(int pages) => Invalid(FormattableString.Invariant(
        $"This file has more than {pages:N0} pages, the most that are read. Split it and upload the parts."));

    public static DocumentRefused TooLarge(string what, string why) => Invalid($"This {what} {why}, which is more than is read. Make it smaller and upload it again.");

    public static DocumentRefused Unsupported(string isWhat, string advice) => new(Refusal.UnsupportedFile, $"This is {isWhat}. {advice}");

    public static DocumentRefused Invalid(string message) => new(Refusal.InvalidFile, message);
}
