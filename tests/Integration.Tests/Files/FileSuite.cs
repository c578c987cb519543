using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Files;

public sealed class LocalFileTests(LocalPlatform platform) : FileSuite(platform), IClassFixture<LocalPlatform>;

public sealed class S3FileTests(S3Platform platform) : FileSuite(platform), IClassFixture<S3Platform>;

/// <summary>Files, whatever they are kept in.</summary>
public abstract class FileSuite(FilePlatform platform) : FileTest(platform)
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(5 * 1024 * 1024)]
    [InlineData(12_345_678)]
    public async Task A_file_comes_back_as_it_was_sent(int length)
    {
        var content = Bytes(length);
        var file = await FileAsync("notes.bin", content);

        file.GetProperty("object").GetString().ShouldBe("file");
        IdOf(file).ShouldMatch("^file-[0-9a-f]{32}$");
        file.GetProperty("bytes").GetInt64().ShouldBe(length);
        file.GetProperty("filename").GetString().ShouldBe("notes.bin");
        file.GetProperty("purpose").GetString().ShouldBe("user_data");
        file.GetProperty("status").GetString().ShouldBe("processed");
        file.TryGetProperty("expires_at", out _).ShouldBeFalse();
        (await Api.GetAsync($"v1/files/{IdOf(file)}", Ct)).Ok.GetRawText().ShouldBe(file.GetRawText());
        var (response, got) = await DownloadAsync(IdOf(file));
        using (response)
        {
            response.Content.Headers.ContentLength.ShouldBe(length);
            response.Headers.ETag!.Tag.ShouldBe($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"");
        }

        got.ShouldBe(content);
        ShouldNotHaveLogged(LogLevel.Warning);
    }

    [Theory]
    [InlineData(0, 9)]
    [InlineData(6_000_000, 6_000_099)]
    [InlineData(7_999_990, null)]
    public async Task A_part_of_a_file_can_be_asked_for(int from, int? to)
    {
        var content = Bytes(8_000_000);
        var file = await FileAsync("large.bin", content);

        var (response, got) = await DownloadAsync(IdOf(file), new RangeHeaderValue(from, to));
        using (response)
        {
            ((int)response.StatusCode).ShouldBe(206);
            response.Content.Headers.ContentRange!.ToString().ShouldBe($"bytes {from}-{to ?? content.Length - 1}/{content.Length}");
        }

        got.ShouldBe(content[from..((to ?? content.Length - 1) + 1)]);
        var (beyond, _) = await DownloadAsync(IdOf(file), new RangeHeaderValue(content.Length, null));
        using (beyond) ((int)beyond.StatusCode).ShouldBe(416);
    }

    [Fact]
    public async Task A_file_that_a_client_has_already_is_not_sent_again()
    {
        var file = await FileAsync("same.txt", "the same");
        var (first, _) = await DownloadAsync(IdOf(file));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/files/{IdOf(file)}/content") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        first.Dispose();

        using var again = await Api.OpenAsync(request, Ct);
        ((int)again.StatusCode).ShouldBe(304);
    }

    [Fact]
    public async Task A_deleted_file_is_gone_with_its_content()
    {
        await ShouldLeaveNothingAsync(async () =>
        {
            var id = IdOf(await FileAsync("short-lived.txt", "soon gone"));
            (await Api.DeleteAsync($"v1/files/{id}", Ct)).Ok.GetRawText().ShouldBe($$"""{"id":"{{id}}","object":"file","deleted":true}""");

            (await Api.GetAsync($"v1/files/{id}", Ct)).Status.ShouldBe(404);
            (await Api.GetAsync($"v1/files/{id}/content", Ct)).Status.ShouldBe(404);
            (await Api.DeleteAsync($"v1/files/{id}", Ct)).Status.ShouldBe(404);
            (await Api.GetAsync("v1/files", Ct)).Text.ShouldNotContain(id);
        });
    }

    [Fact]
    public async Task A_deleted_file_leaves_every_vector_store_at_once()
    {
        var file = IdOf(await FileAsync("in-a-store.txt", "text"));
        var store = Guid.NewGuid();
        await SqlAsync($"""
            INSERT INTO knowledge.vector_stores (id, workspace_id, user_id, name, metadata, embedding_model, created_at, last_active_at)
            SELECT '{store}', workspace_id, user_id, 'Store', '{"{}"}', 'offline-embedding', now(), now() FROM knowledge.files WHERE id = '{file[5..]}';
            INSERT INTO knowledge.vector_store_files (id, workspace_id, vector_store_id, file_id, attributes, max_chunk_tokens, chunk_overlap_tokens, status, step, progress, attempts, epoch,
                chunk_count, usage_bytes, created_at, updated_at)
            SELECT gen_random_uuid(), workspace_id, '{store}', id, '{"{}"}', 800, 400, 'completed', 'switch', 1, 1, 1, 1, 10, now(), now() FROM knowledge.files WHERE id = '{file[5..]}';
            """);

        (await Api.DeleteAsync($"v1/files/{file}", Ct)).Status.ShouldBe(200);
        (await SqlAsync($"SELECT count(*) FROM knowledge.vector_store_files WHERE vector_store_id = '{store}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_a_413_and_leaves_nothing()
    {
        await ShouldLeaveNothingAsync(async () =>
        {
            // Declared, and so known before it is sent; a little too large, and so known when it has been; chunked, and so never declared.
            using var declared = Form("huge.bin", new byte[FilePlatform.MaxFileBytes + 2_000_000], "user_data");
            ShouldBeTooLarge(await SendAsync(Api, declared));
            using var close = Form("huge.bin", new byte[FilePlatform.MaxFileBytes + 1], "user_data");
            ShouldBeTooLarge(await SendAsync(Api, close));
            using var chunked = Form("huge.bin", new byte[FilePlatform.MaxFileBytes + 1], "user_data");
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = chunked, Headers = { TransferEncodingChunked = true } };
            ShouldBeTooLarge(await Api.SendAsync(request, Ct));
        });
    }

    [Fact]
    public async Task A_file_of_exactly_the_limit_is_taken() =>
        (await FileAsync("limit.bin", new byte[FilePlatform.MaxFileBytes])).GetProperty("bytes").GetInt64().ShouldBe(FilePlatform.MaxFileBytes);

    [Fact]
    public async Task A_client_that_hangs_up_leaves_nothing()
    {
        await ShouldLeaveNothingAsync(async () =>
        {
            var before = Convert.ToInt64(await SqlAsync("SELECT count(*) FROM knowledge.files"), null);
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            using var endless = new StreamContent(new StallingStream(7_000_000));
            using var form = new MultipartFormDataContent { { new StringContent("user_data"), "purpose" }, { endless, "file", "endless.bin" } };
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = form };
            var sending = Api.OpenAsync(request, hangUp.Token);
            await EventuallyAsync(async () => Convert.ToInt64(await SqlAsync("SELECT count(*) FROM knowledge.files"), null) > before ? "begun" : null);
            (await Api.GetAsync("v1/files", Ct)).Text.ShouldNotContain("endless.bin");
            await hangUp.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => sending);
        });
        ShouldNotHaveLogged(LogLevel.Warning);
    }

    [Fact]
    public async Task A_file_of_another_workspace_does_not_exist()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var id = IdOf(await FileAsync("mine.txt", "mine"));

        (await tenant.Api.GetAsync($"v1/files/{id}", Ct)).Status.ShouldBe(404);
        (await tenant.Api.GetAsync($"v1/files/{id}/content", Ct)).Status.ShouldBe(404);
        (await tenant.Api.DeleteAsync($"v1/files/{id}", Ct)).Status.ShouldBe(404);
        (await tenant.Api.GetAsync("v1/files", Ct)).Ok.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await Api.GetAsync($"v1/files/{id}/content", Ct)).Text.ShouldBe("mine");
    }

    private static void ShouldBeTooLarge(Reply reply)
    {
        reply.Status.ShouldBe(413, reply.Text);
        reply.Code.ShouldBe("file_too_large");
        reply.Param.ShouldBe("file");
        reply.Error.GetProperty("message").GetString()!.ShouldContain("Knowledge:MaxFileBytes");
    }
}
