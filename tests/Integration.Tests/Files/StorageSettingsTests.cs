using System.Globalization;
using System.Net.Http.Headers;

namespace AiPlatform.Integration.Tests.Files;

/// <summary>The server as a process: what it says of its storage when it starts, and what large files do to its memory.</summary>
public sealed class StorageSettingsTests : IAsyncLifetime
{
    private const string Secret = "secret-0123456789";
    private const string ApiKey = "sk-files-0123456789abcdef0123456789abcdef";

    // A machine that is busy with other tests takes its time to start processes.
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromMinutes(5));
    private S3Server? _s3;

    private TestDatabase Database { get; set; } = null!;

    private FakeModelServer Vendor { get; set; } = null!;

    private CancellationToken Ct => _limit.Token;

    [Theory]
    [InlineData("Bucket", "no-such-bucket", "no bucket 'no-such-bucket'")]
    [InlineData("AccessKey", Secret, "cannot be used")]
    [InlineData("SecretKey", "", "go together")]
    [InlineData("ServiceUrl", "nonsense", "Knowledge__Storage__S3__ServiceUrl")]
    [InlineData("Bucket", "", "Knowledge__Storage__S3__Bucket")]
    public async Task A_bucket_that_cannot_work_ends_the_start_with_a_sentence_about_it(string setting, string value, string said)
    {
        var settings = await S3SettingsAsync();
        settings[$"Knowledge:Storage:S3:{setting}"] = value;
        var (code, output) = await ApiProcess.RunAsync(settings, Ct);

        code.ShouldBe(2, output);
        output.ShouldContain("Configuration error");
        output.ShouldContain(said);
        output.ShouldNotContain(Secret);
        output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_bucket_that_does_not_answer_keeps_the_server_from_files_and_from_nothing_else()
    {
        var settings = await S3SettingsAsync();
        settings["Knowledge:Storage:S3:ServiceUrl"] = "http://127.0.0.1:9";
        await using var server = await ApiProcess.StartAsync(settings, Ct);

        (await server.Api.GetAsync("health/ready", Ct)).Status.ShouldBe(200);
        (await server.Api.GetAsync("health", Ct)).Json.GetProperty("checks").GetProperty("files").GetProperty("status").GetString().ShouldBe("degraded");
        (await server.Api.GetAsync("v1/files", Ct)).Status.ShouldBe(200);
        using var form = new MultipartFormDataContent { { new StringContent("user_data"), "purpose" }, { new StringContent("text"), "file", "a.txt" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = form };
        var reply = await server.Api.SendAsync(request, Ct);
        (reply.Status, reply.Code).ShouldBe((503, "storage_unavailable"));
        reply.Header("Retry-After").ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false, 120_000_000)]
    [InlineData(true, 120_000_000)]
    public async Task A_large_file_takes_no_memory(bool bucket, int length)
    {
        var settings = bucket ? await S3SettingsAsync() : Settings;
        await using var server = await ApiProcess.StartAsync(settings, Ct);
        // What the first file costs is not the file's doing.
        await server.Api.DeleteAsync($"v1/files/{await UploadAsync(server, 30_000_000)}", Ct);
        var before = PeakOf(server);

        var id = await UploadAsync(server, length);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/files/{id}/content");
        using var response = await server.Api.OpenAsync(request, Ct);
        await using var content = await response.Content.ReadAsStreamAsync(Ct);
        var (buffer, got) = (new byte[1 << 16], 0L);
        while (await content.ReadAsync(buffer, Ct) is > 0 and var read) got += read;

        got.ShouldBe(length);
        // The heap settles some tens of megabytes higher, whatever the file has.
        (PeakOf(server) - before).ShouldBeLessThan(100_000_000, "The server's memory grew with the file.");
    }

    private Dictionary<string, string?> Settings => ServerSettings.For(Database.ConnectionString, Vendor, ApiKey);

    private async Task<Dictionary<string, string?>> S3SettingsAsync()
    {
        var settings = Settings;
        _s3 = await S3Server.StartAsync(Ct);
        _s3.Configure(settings);
        return settings;
    }

    private async Task<string> UploadAsync(ApiProcess server, int length)
    {
        using var content = new StreamContent(new ZeroStream(length)) { Headers = { ContentLength = length } };
        using var form = new MultipartFormDataContent { { new StringContent("user_data"), "purpose" }, { content, "file", "large.bin" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = form };
        var file = (await server.Api.SendAsync(request, Ct)).Ok;
        file.GetProperty("bytes").GetInt64().ShouldBe(length);
        return file.GetProperty("id").GetString()!;
    }

    /// <summary>The most memory that the process has had.</summary>
    private static long PeakOf(ApiProcess server)
    {
        var line = File.ReadLines($"/proc/{server.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync(Ct);
        Vendor = await FakeModelServer.StartAsync(cancellationToken: Ct);
    }

    public async Task DisposeAsync()
    {
        if (_s3 is not null) await _s3.DisposeAsync();
        await Vendor.DisposeAsync();
        await Database.DisposeAsync();
        _limit.Dispose();
    }

    private sealed class ZeroStream(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, _left);
            Array.Clear(buffer, offset, read);
            _left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
