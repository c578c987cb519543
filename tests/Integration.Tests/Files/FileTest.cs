using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Files;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests.Files;

/// <summary>A platform that says where its contents are, so that a test can see that none is left behind.</summary>
public abstract class FilePlatform : Platform
{
    public const int MaxFileBytes = 30_000_000;

    protected abstract string Folder { get; }

    /// <summary>What lies in the storage, whole or not.</summary>
    public IReadOnlyList<string> Contents => Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(IsContent)] : [];

    protected virtual bool IsContent(string path) => true;

    protected override void Configure(IDictionary<string, string?> settings) => settings["Knowledge:MaxFileBytes"] = $"{MaxFileBytes}";
}

public sealed class LocalPlatform : FilePlatform
{
    protected override string Folder { get; } = Path.Combine(Path.GetTempPath(), $"aiplatform-{Guid.NewGuid():n}");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        settings["Knowledge:Storage:Folder"] = Folder;
    }
}

public sealed class S3Platform : FilePlatform
{
    private S3Server? _s3;

    protected override string Folder => _s3!.Folder;

    public override async Task InitializeAsync()
    {
        _s3 = await S3Server.StartAsync(CancellationToken.None);
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_s3 is not null) await _s3.DisposeAsync();
    }

    // Beside each content it keeps a description of it.
    protected override bool IsContent(string path) => path.EndsWith("_S3rver_object", StringComparison.Ordinal) || path.Contains("_S3rver_uploads", StringComparison.Ordinal);

    protected override void Configure(IDictionary<string, string?> settings)
    {
        base.Configure(settings);
        _s3!.Configure(settings);
    }
}

/// <summary>What the sentences about files are made of.</summary>
public abstract class FileTest(FilePlatform platform) : PlatformTest(platform)
{
    protected new FilePlatform Platform { get; } = platform;

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    protected static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    protected Task<JsonElement> FileAsync(string name, string text, string purpose = "user_data") => FileAsync(name, Utf8(text), purpose);

    protected async Task<JsonElement> FileAsync(string name, byte[] content, string purpose = "user_data")
    {
        using var form = Form(name, content, purpose);
        return (await SendAsync(Api, form)).Ok;
    }

    protected static MultipartFormDataContent Form(string name, byte[] content, string purpose) => new() { { new StringContent(purpose), "purpose" }, { new ByteArrayContent(content), "file", name } };

    protected Task<Reply> SendAsync(ApiClient api, HttpContent form, string path = "v1/files") =>
        api.SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = form }, Ct);

    /// <summary>A form written by hand, with lines ended as forms demand.</summary>
    protected Task<Reply> SendRawAsync(string body, string contentType = "multipart/form-data; boundary=b", string path = "v1/files")
    {
        var content = new ByteArrayContent(Utf8(body.ReplaceLineEndings("\r\n")));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType).ShouldBeTrue();
        return SendAsync(Api, content, path);
    }

    protected async Task<(HttpResponseMessage Response, byte[] Content)> DownloadAsync(string id, RangeHeaderValue? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/files/{id}/content") { Headers = { Range = range } };
        var response = await Api.OpenAsync(request, Ct);
        return (response, await response.Content.ReadAsByteArrayAsync(Ct));
    }

    protected static string IdOf(JsonElement thing) => thing.GetProperty("id").GetString()!;

    /// <summary>As the job does it.</summary>
    protected async Task PurgeAsync()
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().EnterSystem();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new PurgeFiles(), Ct);
    }

    protected Task<object?> SqlAsync(string sql) => Platform.Database.ScalarAsync(sql, Ct);

    /// <summary>Whatever this does, it leaves neither a row nor a content behind.</summary>
    protected async Task ShouldLeaveNothingAsync(Func<Task> act)
    {
        var before = await LeftAsync();
        await act();
        await EventuallyAsync(async () => await LeftAsync() == before ? "nothing" : null);
    }

    private async Task<(long Rows, int Contents)> LeftAsync() => (
        (long)(await SqlAsync("SELECT (SELECT count(*) FROM knowledge.files) + (SELECT count(*) FROM knowledge.upload_parts)"))!, Platform.Contents.Count);
}
