namespace AiPlatform.Infrastructure.Files;

/// <summary>Where the contents of files are kept, under <c>Knowledge:Storage</c>: in a folder, or in a bucket where one is named.</summary>
public sealed class FileStorageOptions
{
    public const string Section = "Knowledge:Storage";

    /// <summary>Several servers on one database need one folder that all of them see, or a bucket.</summary>
    public string? Folder { get; set; }

    public S3Options S3 { get; set; } = new();
}

/// <summary>A bucket of S3, or of a server that speaks its API.</summary>
public sealed class S3Options
{
    public string? Bucket { get; set; }

    public string? Region { get; set; }

    /// <summary>The address of a server other than Amazon's, such as <c>https://minio.example.com:9000</c>.</summary>
    public string? ServiceUrl { get; set; }

    /// <summary>Without keys, those of the environment or of the machine are used, as Amazon's own tools do.</summary>
    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>Names the bucket in the path and not in the host, as most servers other than Amazon's need it.</summary>
    public bool? ForcePathStyle { get; set; }
}
