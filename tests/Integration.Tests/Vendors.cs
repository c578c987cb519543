namespace AiPlatform.Integration.Tests;

/// <summary>A model of each kind of vendor.</summary>
internal static class Vendors
{
    public const string OpenAi = "fake-chat";
    public const string Anthropic = "fake-claude";

    public static TheoryData<string> Both => [OpenAi, Anthropic];

    public static object[] User(string text) => [new { role = "user", content = text }];

    /// <summary>A directive's value: spaces and equal signs would end it.</summary>
    public static string Value(string text) => Uri.EscapeDataString(text);
}
