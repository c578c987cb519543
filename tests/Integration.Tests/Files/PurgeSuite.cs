using AiPlatform.Application.Knowledge.Files;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests.Files;

public sealed class LocalPurgeTests(LocalPlatform platform) : PurgeSuite(platform), IClassFixture<LocalPlatform>;

public sealed class S3PurgeTests(S3Platform platform) : PurgeSuite(platform), IClassFixture<S3Platform>;

/// <summary>What a process that died left undone is done later, whatever the contents are kept in.</summary>
public abstract class PurgeSuite(FilePlatform platform) : FileTest(platform)
{
    [Theory]
    [InlineData("status = 'uploading', created_at = now() - interval '25 hours'")]
    [InlineData("status = 'deleted'")]
    [InlineData("expires_at = now() - interval '1 second'")]
    public async Task What_is_left_of_a_file_goes(string change)
    {
        await ShouldLeaveNothingAsync(async () =>
        {
            var id = IdOf(await FileAsync("left.bin", Bytes(6_000_000)));
            await SqlAsync($"UPDATE knowledge.files SET {change} WHERE id = '{id[5..]}'");
            (await Api.GetAsync($"v1/files/{id}", Ct)).Status.ShouldBe(404);
            (await Api.GetAsync("v1/files", Ct)).Text.ShouldNotContain(id);
            await PurgeAsync();
        });
    }

    [Theory]
    [InlineData("status = 'uploading', created_at = now() - interval '11 hours'")]
    [InlineData("expires_at = now() + interval '1 hour'")]
    public async Task What_is_still_arriving_or_not_yet_over_stays(string change)
    {
        var id = IdOf(await FileAsync("stays.bin", "stays"));
        await SqlAsync($"UPDATE knowledge.files SET {change} WHERE id = '{id[5..]}'");
        var contents = Platform.Contents.Count;
        await PurgeAsync();

        Platform.Contents.Count.ShouldBe(contents);
        (await SqlAsync($"SELECT count(*) FROM knowledge.files WHERE id = '{id[5..]}'")).ShouldBe(1L);
    }

    [Theory]
    [InlineData("status = 'completed'")]
    [InlineData("status = 'cancelled'")]
    [InlineData("expires_at = now() - interval '25 hours'")]
    public async Task Parts_of_an_upload_that_is_over_go(string change)
    {
        await ShouldLeaveNothingAsync(async () =>
        {
            var upload = await UploadAsync();
            await SqlAsync($"UPDATE knowledge.uploads SET {change} WHERE id = '{upload[7..]}'");
            await PurgeAsync();
        });
    }

    [Fact]
    public async Task An_upload_that_is_long_over_goes_itself()
    {
        var (old, young) = (await UploadAsync(), await UploadAsync());
        await SqlAsync($"UPDATE knowledge.uploads SET expires_at = now() - interval '25 hours' WHERE id = '{old[7..]}'");
        await PurgeAsync();

        (await SqlAsync($"SELECT count(*) FROM knowledge.uploads WHERE id = '{old[7..]}'")).ShouldBe(0L);
        (await SqlAsync($"SELECT count(*) FROM knowledge.upload_parts WHERE upload_id = '{young[7..]}'")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_part_that_is_still_arriving_stays_though_its_upload_is_over()
    {
        var upload = await UploadAsync();
        await SqlAsync($"UPDATE knowledge.upload_parts SET bytes = NULL WHERE upload_id = '{upload[7..]}'");
        await SqlAsync($"UPDATE knowledge.uploads SET status = 'cancelled' WHERE id = '{upload[7..]}'");
        await PurgeAsync();

        (await SqlAsync($"SELECT count(*) FROM knowledge.upload_parts WHERE upload_id = '{upload[7..]}'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Files_of_all_workspaces_are_purged()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        using var form = Form("theirs.txt", Utf8("theirs"), "user_data");
        var id = IdOf((await SendAsync(tenant.Api, form)).Ok);
        await SqlAsync($"UPDATE knowledge.files SET expires_at = now() - interval '1 second' WHERE id = '{id[5..]}'");
        await PurgeAsync();

        (await SqlAsync($"SELECT count(*) FROM knowledge.files WHERE id = '{id[5..]}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_content_that_is_not_there_stands_in_nobodys_way()
    {
        var id = IdOf(await FileAsync("lost.txt", "lost"));
        var key = (string)(await SqlAsync($"SELECT replace(workspace_id || '/' || id, '-', '') FROM knowledge.files WHERE id = '{id[5..]}'"))!;
        await Platform.Services.GetRequiredService<IFileStorage>().DeleteAsync(key, Ct);

        var reply = await Api.GetAsync($"v1/files/{id}/content", Ct);
        (reply.Status, reply.Code).ShouldBe((404, "content_missing"));
        (await Api.DeleteAsync($"v1/files/{id}", Ct)).Status.ShouldBe(200);
        (await SqlAsync($"SELECT count(*) FROM knowledge.files WHERE id = '{id[5..]}'")).ShouldBe(0L);
    }

    private async Task<string> UploadAsync()
    {
        var upload = IdOf((await Api.PostAsync("v1/uploads", new { filename = "x.bin", purpose = "user_data", bytes = 4, mime_type = "text/plain" }, Ct)).Ok);
        using var form = new MultipartFormDataContent { { new ByteArrayContent(Utf8("part")), "data", "data" } };
        (await SendAsync(Api, form, $"v1/uploads/{upload}/parts")).Status.ShouldBe(200);
        return upload;
    }
}

/// <summary>By itself, and soon after a start.</summary>
public sealed class PurgeAtStartTests(LocalPlatform platform) : FileTest(platform), IClassFixture<LocalPlatform>
{
    [Fact]
    public async Task A_start_clears_up_what_was_left()
    {
        var id = IdOf(await FileAsync("left.txt", "left"));
        await SqlAsync($"UPDATE knowledge.files SET status = 'deleted' WHERE id = '{id[5..]}'");

        await EventuallyAsync(async () => Equals(await SqlAsync("SELECT count(*) FROM knowledge.files"), 0L) ? "cleared" : null);
        Platform.Contents.ShouldBeEmpty();
    }
}
