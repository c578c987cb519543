using System.Runtime.Versioning;
using AiPlatform.Application.Knowledge.Files;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests.Files;

/// <summary>The storages themselves: what a use case cannot bring them to do.</summary>
public sealed class StorageTests(LocalPlatform local, S3Platform s3) : FileTest(local), IClassFixture<LocalPlatform>, IClassFixture<S3Platform>
{
    private const string Key = "0123456789abcdef0123456789abcdef/fedcba9876543210fedcba9876543210";

    public static TheoryData<bool> Both => new(false, true);

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_content_is_there_whole_or_not_at_all(bool bucket)
    {
        var (platform, storage) = Of(bucket);
        var contents = platform.Contents.Count;
        using var broken = new BrokenStream(11_000_000);
        await Should.ThrowAsync<TimeZoneNotFoundException>(() => storage.WriteAsync(Key, broken, long.MaxValue, Ct));
        using var large = new MemoryStream(new byte[11_000_000]);
        (await Should.ThrowAsync<ContentTooLarge>(() => storage.WriteAsync(Key, large, 10_999_999, Ct))).MostBytes.ShouldBe(10_999_999);

        (await storage.OpenAsync(Key, Ct)).ShouldBeNull();
        platform.Contents.Count.ShouldBe(contents);
        await storage.DeleteAsync(Key, Ct);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public async Task A_content_that_is_being_read_can_be_read_from_any_position(bool bucket)
    {
        var storage = Of(bucket).Storage;
        var content = Bytes(6_000_000);
        using var source = new MemoryStream(content);
        (await storage.WriteAsync(Key, source, content.Length, Ct)).Bytes.ShouldBe(content.Length);

        await using (var stream = (await storage.OpenAsync(Key, Ct))!)
        {
            var buffer = new byte[1000];
            stream.Length.ShouldBe(content.Length);
            foreach (var position in new[] { 0, 5_500_000, 17, 5_999_000 })
            {
                stream.Position = position;
                await stream.ReadExactlyAsync(buffer, Ct);
                buffer.ShouldBe(content[position..(position + 1000)]);
            }

            (await stream.ReadAsync(buffer, Ct)).ShouldBe(0);
        }

        await storage.DeleteAsync(Key, Ct);
        (await storage.OpenAsync(Key, Ct)).ShouldBeNull();
    }

    [Theory]
    [InlineData("../../0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef/../x")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public async Task A_folder_takes_no_key_that_could_lead_out_of_it(string key)
    {
        var storage = Of(bucket: false).Storage;
        await Should.ThrowAsync<ArgumentException>(() => storage.OpenAsync(key, Ct));
        await Should.ThrowAsync<ArgumentException>(() => storage.DeleteAsync(key, Ct));
        await Should.ThrowAsync<ArgumentException>(() => storage.WriteAsync(key, Stream.Null, 1, Ct));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("macos")]
    public async Task Only_the_server_itself_may_read_what_is_in_the_folder()
    {
        await FileAsync("secret.txt", "secret");
        var content = Platform.Contents[0];

        File.GetUnixFileMode(content).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.GetDirectoryName(content)!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private (FilePlatform Platform, IFileStorage Storage) Of(bool bucket)
    {
        FilePlatform platform = bucket ? s3 : local;
        return (platform, platform.Services.GetRequiredService<IFileStorage>());
    }

    /// <summary>Breaks off after so many bytes, by an exception that nothing else throws.</summary>
    private sealed class BrokenStream(int length) : MemoryStream(new byte[length])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new TimeZoneNotFoundException();
    }
}
