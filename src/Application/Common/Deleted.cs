namespace AiPlatform.Application.Common;

/// <summary>The API's answer to a delete.</summary>
public sealed record Deleted(string Id, string Object)
{
    /// <summary>Always true: what cannot be deleted is an error.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("deleted")]
    public bool IsDeleted { get; } = true;
}
