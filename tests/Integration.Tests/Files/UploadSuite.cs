using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Files;

public sealed class LocalUploadTests(LocalPlatform platform) : UploadSuite(platform), IClassFixture<LocalPlatform>;

public sealed class S3UploadTests(S3Platform platform) : UploadSuite(platform), IClassFixture<S3Platform>;

/// <summary>Files that arrive in parts, whatever they are kept in.</summary>
public abstract class UploadSuite(FilePlatform platform) : FileTest(platform)
{
    [Fact]
    public async Task Parts_make_a_file_in_the_order_given_and_are_then_gone()
    {
        var (first, second, third) = (Bytes(6_000_000), Bytes(5), Bytes(1_000_001));
        var whole = (byte[])[.. first, .. second, .. third];
        var contents = Platform.Contents.Count;
        var upload = await BeginAsync(whole.Length);
        upload.GetProperty("object").GetString().ShouldBe("upload");
        upload.GetProperty("status").GetString().ShouldBe("pending");
        (upload.GetProperty("expires_at").GetInt64() - upload.GetProperty("created_at").GetInt64()).ShouldBe(3600);

        var parts = await Task.WhenAll(PartAsync(upload, third), PartAsync(upload, first), PartAsync(upload, second));
#pragma warning disable CA5351 // It is what the API has.
        var md5 = Convert.ToHexStringLower(MD5.HashData(whole));
#pragma warning restore CA5351
        var completed = (await CompleteAsync(upload, [parts[1], parts[2], parts[0]], md5)).Ok;

        completed.GetProperty("status").GetString().ShouldBe("completed");
        var file = completed.GetProperty("file");
        file.GetProperty("bytes").GetInt64().ShouldBe(whole.Length);
        file.GetProperty("filename").GetString().ShouldBe("in-parts.bin");
        (await DownloadAsync(IdOf(file))).Content.ShouldBe(whole);
        Platform.Contents.Count.ShouldBe(contents + 1);
        ShouldNotHaveLogged(LogLevel.Warning);
    }

    [Fact]
    public async Task Completing_again_shows_the_same_file()
    {
        var upload = await BeginAsync(4, new { filename = "once.txt", purpose = "user_data", bytes = 4, mime_type = "text/plain" });
        var part = await PartAsync(upload, Utf8("once"));
        var both = await Task.WhenAll(CompleteAsync(upload, [part]), CompleteAsync(upload, [part]));
        var again = await CompleteAsync(upload, [part]);

        both.Append(again).Select(reply => IdOf(reply.Ok.GetProperty("file"))).Distinct().Count().ShouldBe(1);
        (await SqlAsync("SELECT count(*) FROM knowledge.files WHERE filename = 'once.txt'")).ShouldBe(1L);
    }

    [Fact]
    public async Task An_upload_that_is_cancelled_leaves_nothing_and_takes_nothing()
    {
        await ShouldLeaveNothingAsync(async () =>
        {
            var upload = await BeginAsync(4);
            var part = await PartAsync(upload, Utf8("part"));
            var cancelled = await Api.PostAsync($"v1/uploads/{IdOf(upload)}/cancel", null, Ct);
            cancelled.Ok.GetProperty("status").GetString().ShouldBe("cancelled");
            (await Api.PostAsync($"v1/uploads/{IdOf(upload)}/cancel", null, Ct)).Ok.GetProperty("status").GetString().ShouldBe("cancelled");

            ShouldBeOver(await CompleteAsync(upload, [part]), "cancelled");
            ShouldBeOver(await SendPartAsync(upload, Utf8("more")), "cancelled");
        });
    }

    [Fact]
    public async Task An_upload_that_is_cancelled_while_a_part_arrives_does_not_keep_the_part()
    {
        await ShouldLeaveNothingAsync(async () =>
        {
            var upload = await BeginAsync(4);
            var gate = new TaskCompletionSource();
            using var form = new MultipartFormDataContent { { new StreamContent(new GatedStream(Utf8("late"), gate.Task)), "data", "data" } };
            var sending = SendAsync(Api, form, $"v1/uploads/{IdOf(upload)}/parts");
            await EventuallyAsync(async () => Equals(await SqlAsync($"SELECT count(*) FROM knowledge.upload_parts WHERE upload_id = '{IdOf(upload)[7..]}'"), 1L) ? "begun" : null);
            (await Api.PostAsync($"v1/uploads/{IdOf(upload)}/cancel", null, Ct)).Status.ShouldBe(200);
            gate.SetResult();

            ShouldBeOver(await sending, "cancelled");
        });
    }

    [Fact]
    public async Task An_upload_expires_after_an_hour()
    {
        var upload = await BeginAsync(4);
        var part = await PartAsync(upload, Utf8("late"));
        await SqlAsync($"UPDATE knowledge.uploads SET expires_at = now() - interval '1 second' WHERE id = '{IdOf(upload)[7..]}'");

        ShouldBeOver(await CompleteAsync(upload, [part]), "expired");
        ShouldBeOver(await SendPartAsync(upload, Utf8("more")), "expired");
        ShouldBeOver(await Api.PostAsync($"v1/uploads/{IdOf(upload)}/cancel", null, Ct), "expired");
    }

    [Fact]
    public async Task Parts_that_do_not_make_the_file_are_refused_and_stay()
    {
        var upload = await BeginAsync(8);
        var (part, other) = (await PartAsync(upload, Utf8("half")), await PartAsync(await BeginAsync(4), Utf8("full")));

        var tooFew = await CompleteAsync(upload, [part]);
        (tooFew.Status, tooFew.Code, tooFew.Param).ShouldBe((400, "size_mismatch", "part_ids"));
        foreach (var wrong in new[] { other, "part_0123456789abcdef0123456789abcdef", "nonsense", part })
        {
            var reply = await CompleteAsync(upload, [part, wrong]);
            (reply.Status, reply.Param).ShouldBe((400, "part_ids"));
        }

        var second = await PartAsync(upload, Utf8("rest"));
        var corrupt = await CompleteAsync(upload, [part, second], new string('0', 32));
        (corrupt.Status, corrupt.Code).ShouldBe((400, "checksum_mismatch"));
        (await CompleteAsync(upload, [part, second])).Ok.GetProperty("status").GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task What_the_parts_make_has_to_suit_its_purpose()
    {
        var upload = await BeginAsync(4, new { filename = "batch.jsonl", purpose = "batch", bytes = 4, mime_type = "application/jsonl" });
        var part = await PartAsync(upload, Utf8("text"));

        var reply = await CompleteAsync(upload, [part]);
        (reply.Status, reply.Code).ShouldBe((400, "invalid_file"));
    }

    [Fact]
    public async Task The_file_of_an_upload_expires_as_the_upload_said()
    {
        var upload = await BeginAsync(4, new { filename = "x.txt", purpose = "user_data", bytes = 4, mime_type = "text/plain", expires_after = new { anchor = "created_at", seconds = 7200 } });
        var file = (await CompleteAsync(upload, [await PartAsync(upload, Utf8("text"))])).Ok.GetProperty("file");

        (file.GetProperty("expires_at").GetInt64() - file.GetProperty("created_at").GetInt64()).ShouldBe(7200);
    }

    [Fact]
    public async Task An_upload_of_another_workspace_does_not_exist()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var (upload, theirs) = (await BeginAsync(4), (await tenant.Api.PostAsync("v1/uploads", Body(4), Ct)).Ok);
        var part = await PartAsync(upload, Utf8("mine"));
        using var form = PartForm(Utf8("not mine"));

        (await SendAsync(tenant.Api, form, $"v1/uploads/{IdOf(upload)}/parts")).Status.ShouldBe(404);
        (await tenant.Api.PostAsync($"v1/uploads/{IdOf(upload)}/complete", new { part_ids = new[] { part } }, Ct)).Status.ShouldBe(404);
        (await tenant.Api.PostAsync($"v1/uploads/{IdOf(upload)}/cancel", null, Ct)).Status.ShouldBe(404);
        (await tenant.Api.PostAsync($"v1/uploads/{IdOf(theirs)}/complete", new { part_ids = new[] { part } }, Ct)).Status.ShouldBe(400);
        (await CompleteAsync(upload, [part])).Status.ShouldBe(200);
    }

    private static object Body(long bytes) => new { filename = "in-parts.bin", purpose = "user_data", bytes, mime_type = "application/octet-stream" };

    private static MultipartFormDataContent PartForm(byte[] data) => new() { { new ByteArrayContent(data), "data", "data" } };

    private async Task<JsonElement> BeginAsync(long bytes, object? body = null) => (await Api.PostAsync("v1/uploads", body ?? Body(bytes), Ct)).Ok;

    private async Task<Reply> SendPartAsync(JsonElement upload, byte[] data)
    {
        using var form = PartForm(data);
        return await SendAsync(Api, form, $"v1/uploads/{IdOf(upload)}/parts");
    }

    private async Task<string> PartAsync(JsonElement upload, byte[] data)
    {
        var part = (await SendPartAsync(upload, data)).Ok;
        part.GetProperty("object").GetString().ShouldBe("upload.part");
        part.GetProperty("upload_id").GetString().ShouldBe(IdOf(upload));
        return IdOf(part);
    }

    private Task<Reply> CompleteAsync(JsonElement upload, string[] parts, string? md5 = null) =>
        Api.PostAsync($"v1/uploads/{IdOf(upload)}/complete", md5 is null ? new { part_ids = parts } : (object)new { part_ids = parts, md5 }, Ct);

    private static void ShouldBeOver(Reply reply, string status)
    {
        (reply.Status, reply.Code).ShouldBe((409, "upload_not_pending"), reply.Text);
        reply.Error.GetProperty("message").GetString()!.ShouldContain(status);
        reply.Header("x-should-retry").ShouldBe("false");
    }

    private sealed class GatedStream(byte[] content, Task gate) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // Half before, half after.
            if (Position >= Length / 2) await gate.WaitAsync(cancellationToken);
            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, (int)Math.Max(1, Length / 2))], cancellationToken);
        }

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[16];
            while (await ReadAsync(buffer, cancellationToken) is > 0 and var length)
            {
                await destination.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
                await destination.FlushAsync(cancellationToken);
            }
        }
    }
}
