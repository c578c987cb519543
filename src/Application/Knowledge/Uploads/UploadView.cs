using System.Text.Json.Serialization;
using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Knowledge.Uploads;

/// <summary>An upload as the API shows it; with its file, once it is completed.</summary>
public sealed record UploadView(string Id, long CreatedAt, string Filename, long Bytes, string Purpose, string Status, long ExpiresAt, FileView? File)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "upload";

    internal static UploadView Of(Upload upload, DateTimeOffset now, FileView? file = null) => new(
        upload.Id.ToWire(),
        upload.CreatedAt.ToUnixTimeSeconds(),
        upload.Filename,
        upload.Bytes,
        upload.Purpose,
        upload.StatusAt(now) switch
        {
            UploadStatus.Completed => "completed",
            UploadStatus.Cancelled => "cancelled",
            UploadStatus.Expired => "expired",
            _ => "pending",
        },
        upload.ExpiresAt.ToUnixTimeSeconds(),
        file);
}

/// <summary>A part of an upload as the API shows it.</summary>
public sealed record UploadPartView(string Id, long CreatedAt, string UploadId)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "upload.part";

    internal static UploadPartView Of(UploadPart part) => new(part.Id.ToWire(), part.CreatedAt.ToUnixTimeSeconds(), part.UploadId.ToWire());
}
