using System.Text.Json;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AiPlatform.Infrastructure.Postgres;

internal static class SnakeCase
{
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}

/// <summary>Typed ids are uuids in the database.</summary>
internal static class IdConverter
{
    public static void AddAll(ModelConfigurationBuilder builder)
    {
        Add<WorkspaceId>(builder);
        Add<UserId>(builder);
        Add<ApiKeyId>(builder);
        Add<ConversationId>(builder);
        Add<ResponseId>(builder);
        Add<FileId>(builder);
        Add<UploadId>(builder);
        Add<UploadPartId>(builder);
        Add<VectorStoreId>(builder);
        Add<VectorStoreFileId>(builder);
        Add<FileBatchId>(builder);
        Add<EvaluationId>(builder);
        builder.Properties<ItemId>().HaveConversion<ItemIdConverter>();
    }

    private static void Add<T>(ModelConfigurationBuilder builder) where T : struct, IId<T> => builder.Properties<T>().HaveConversion<Typed<T>>();

    internal sealed class Typed<T>() : ValueConverter<T, Guid>(id => id.Value, value => Ids.From<T>(value)) where T : struct, IId<T>;

    internal sealed class ItemIdConverter() : ValueConverter<ItemId, Guid>(id => id.Value, value => new ItemId(value));
}

/// <summary>Enumerations are stored by the names the API uses (<c>in_progress</c>), so that the tables can be read by people.</summary>
internal sealed class SnakeCaseEnumConverter<T>() : ValueConverter<T, string>(
    value => SnakeCase.Of(value.ToString()), name => Enum.Parse<T>(name.Replace("_", "", StringComparison.Ordinal), true)) where T : struct, Enum;

/// <summary>The API's metadata as JSON. It is replaced as a whole, and never changed in place.</summary>
internal static class MetadataConversion
{
    public static void IsMetadata(this PropertyBuilder<Dictionary<string, string>> property) => property.HasColumnType("json").HasConversion(
        value => JsonSerializer.Serialize(value, JsonSerializerOptions.Default),
        json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default)!,
        new ValueComparer<Dictionary<string, string>>((a, b) => ReferenceEquals(a, b), value => value.Count, value => value));
}
