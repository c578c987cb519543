using System.Text.Json;
using AiPlatform.Application.Common;

namespace AiPlatform.Application.Tests;

/// <summary>JSON as it is on our wires.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Wire = WireJson.Configure(new JsonSerializerOptions());

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Wire)!;

    public static JsonElement Of<T>(T value) => JsonSerializer.SerializeToElement(value, Wire);

    public static void ShouldBeJson(this JsonElement actual, string expected) =>
        JsonElement.DeepEquals(actual, JsonElement.Parse(expected)).ShouldBeTrue($"Expected {expected} but got {actual.GetRawText()}");
}
