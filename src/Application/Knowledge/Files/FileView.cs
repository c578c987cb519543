using System.Text.Json.Serialization;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Files;

/// <summary>A file as the API shows it.</summary>
public sealed record FileView(string Id, long Bytes, long CreatedAt, long? ExpiresAt, string Filename, string Purpose)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "file";

    /// <summary>Always <c>processed</c>: a file is shown when it is whole.</summary>
    public string Status { get; } = "processed";

    internal static FileView Of(StoredFile file) =>
        new(file.Id.ToWire(), file.Bytes, file.CreatedAt.ToUnixTimeSeconds(), file.ExpiresAt?.ToUnixTimeSeconds(), file.Filename, file.Purpose);
}
