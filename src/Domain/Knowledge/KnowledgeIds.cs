using AiPlatform.Domain.Common;

namespace AiPlatform.Domain.Knowledge;

public readonly record struct FileId(Guid Value) : IId<FileId>
{
    public static string Prefix => "file-";
    public static FileId From(Guid value) => new(value);

    // Ids begin with the time they were made at, so lists are ordered and paged by them.
    public static bool operator <(FileId left, FileId right) => left.Value < right.Value;
    public static bool operator >(FileId left, FileId right) => left.Value > right.Value;
}

public readonly record struct UploadId(Guid Value) : IId<UploadId>
{
    public static string Prefix => "upload_";
    public static UploadId From(Guid value) => new(value);
}

public readonly record struct UploadPartId(Guid Value) : IId<UploadPartId>
{
    public static string Prefix => "part_";
    public static UploadPartId From(Guid value) => new(value);

    public static bool operator <(UploadPartId left, UploadPartId right) => left.Value < right.Value;
    public static bool operator >(UploadPartId left, UploadPartId right) => left.Value > right.Value;
}

/// <summary>Ids are made in the order of time, so lists are sorted by them.</summary>
public readonly record struct VectorStoreId(Guid Value) : IId<VectorStoreId>
{
    public static string Prefix => "vs_";
    public static VectorStoreId From(Guid value) => new(value);

    public static bool operator <(VectorStoreId left, VectorStoreId right) => left.Value < right.Value;

    public static bool operator >(VectorStoreId left, VectorStoreId right) => left.Value > right.Value;
}

/// <summary>Of a file in a vector store. On the wire such a file goes by the file's own id; one that is attached again is another.</summary>
public readonly record struct VectorStoreFileId(Guid Value) : IId<VectorStoreFileId>
{
    public static string Prefix => "vsf_";
    public static VectorStoreFileId From(Guid value) => new(value);

    public static bool operator <(VectorStoreFileId left, VectorStoreFileId right) => left.Value < right.Value;

    public static bool operator >(VectorStoreFileId left, VectorStoreFileId right) => left.Value > right.Value;
}

public readonly record struct FileBatchId(Guid Value) : IId<FileBatchId>
{
    public static string Prefix => "vsfb_";
    public static FileBatchId From(Guid value) => new(value);
}

public readonly record struct EvaluationId(Guid Value) : IId<EvaluationId>
{
    public static string Prefix => "eval_";
    public static EvaluationId From(Guid value) => new(value);

    public static bool operator <(EvaluationId left, EvaluationId right) => left.Value < right.Value;

    public static bool operator >(EvaluationId left, EvaluationId right) => left.Value > right.Value;
}
