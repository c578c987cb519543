using AiPlatform.Application.Knowledge.Files;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Files;

public static class FileStorageRegistration
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>Contents of files: in a bucket where one is configured, else in a folder.</summary>
    public static IServiceCollection AddFileStorage(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.Read<FileStorageOptions>(FileStorageOptions.Section);
        if (string.IsNullOrWhiteSpace(options.S3.Bucket)) services.AddSingleton(LocalIn(FolderOf(options)));
        else services.AddSingleton(InBucket(options.S3));
        services.AddSingleton<IFileStorage>(provider => provider.GetRequiredService<ICheckedStorage>());
        return services.AddSingleton<FileStorageCheck>();
    }

    /// <summary>Before anything is served.</summary>
    public static Task CheckFileStorageAsync(this IServiceProvider services, CancellationToken cancellationToken) => services.GetRequiredService<FileStorageCheck>().RunAsync(cancellationToken);

    private static Func<IServiceProvider, ICheckedStorage> LocalIn(string folder) =>
        provider => new LocalFileStorage(folder, provider.GetRequiredService<ILogger<LocalFileStorage>>());

    private static string FolderOf(FileStorageOptions options)
    {
        if (!string.IsNullOrWhiteSpace(options.S3.ServiceUrl)) throw new ConfigurationError("Knowledge__Storage__S3__Bucket is missing: name the bucket for files, or leave out the other settings of S3.");
        if (!string.IsNullOrWhiteSpace(options.Folder)) return Path.GetFullPath(options.Folder);
        // Not beside the program: what lies there is replaced by the next build.
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (home.Length == 0) throw new ConfigurationError("There is no place for files. Name a folder in Knowledge__Storage__Folder, or a bucket in Knowledge__Storage__S3__Bucket.");
        return Path.Combine(home, "aiplatform", "files");
    }

    private static Func<IServiceProvider, ICheckedStorage> InBucket(S3Options options)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = string.IsNullOrWhiteSpace(options.Region) ? DefaultRegion : options.Region,
            // Newer checksums are unknown to many a server that speaks the API otherwise; requests are signed in any case.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = TimeSpan.FromMinutes(2),
        };
        if (string.IsNullOrWhiteSpace(options.ServiceUrl)) config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(config.AuthenticationRegion);
        else config.ServiceURL = ServiceUrlOf(options);
        config.ForcePathStyle = options.ForcePathStyle ?? config.ServiceURL is not null;
        if (string.IsNullOrEmpty(options.AccessKey) != string.IsNullOrEmpty(options.SecretKey))
            throw new ConfigurationError("Knowledge__Storage__S3__AccessKey and Knowledge__Storage__S3__SecretKey go together: set both, or neither to use the keys of the environment.");
        return provider => new S3FileStorage(
            string.IsNullOrEmpty(options.AccessKey) ? new AmazonS3Client(config) : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config),
            options.Bucket!,
            provider.GetRequiredService<ILogger<S3FileStorage>>());
    }

    private static string ServiceUrlOf(S3Options options) =>
        Uri.TryCreate(options.ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? options.ServiceUrl!
            : throw new ConfigurationError("Knowledge__Storage__S3__ServiceUrl is no address. Expected is one like https://minio.example.com:9000.");
}
