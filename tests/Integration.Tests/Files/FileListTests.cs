using System.Text.Json;

namespace AiPlatform.Integration.Tests.Files;

/// <summary>Lists of files, and how long files are kept.</summary>
public sealed class FileListTests(LocalPlatform platform) : FileTest(platform), IClassFixture<LocalPlatform>
{
    [Fact]
    public async Task Files_are_paged_in_both_orders()
    {
        var ids = await FilesAsync(7);

        (await PagesAsync("purpose=assistants&order=asc")).ShouldBe(ids);
        (await PagesAsync("purpose=assistants")).ShouldBe(ids.AsEnumerable().Reverse());
        var all = (await Api.GetAsync("v1/files?purpose=assistants", Ct)).Ok;
        all.GetProperty("data").GetArrayLength().ShouldBe(7);
        all.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        all.GetProperty("first_id").GetString().ShouldBe(ids[^1]);
    }

    [Fact]
    public async Task A_list_can_be_gone_through_while_its_files_are_deleted()
    {
        foreach (var old in await PagesAsync("purpose=assistants")) await Api.DeleteAsync($"v1/files/{old}", Ct);
        await FilesAsync(7);
        var seen = 0;
        string? after = null;
        while (true)
        {
            var page = (await Api.GetAsync($"v1/files?purpose=assistants&limit=2{(after is null ? "" : $"&after={after}")}", Ct)).Ok;
            foreach (var file in page.GetProperty("data").EnumerateArray())
            {
                (await Api.DeleteAsync($"v1/files/{IdOf(file)}", Ct)).Status.ShouldBe(200);
                seen++;
            }

            if (!page.GetProperty("has_more").GetBoolean()) break;
            after = page.GetProperty("last_id").GetString();
        }

        seen.ShouldBe(7);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=10001", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("order=up", "order")]
    [InlineData("after=nonsense", "after")]
    public async Task A_list_that_cannot_be_is_a_400(string query, string param)
    {
        var reply = await Api.GetAsync($"v1/files?{query}", Ct);
        (reply.Status, reply.Param).ShouldBe((400, param));
    }

    [Theory]
    [InlineData("limit=10000")]
    [InlineData("purpose=nothing-of-this")]
    public async Task A_list_that_can_be_is_one(string query) => (await Api.GetAsync($"v1/files?{query}", Ct)).Status.ShouldBe(200);

    [Theory]
    [InlineData("3600")]
    [InlineData("2592000")]
    public async Task A_file_expires_when_it_was_said_to(string seconds)
    {
        using var form = Form("short.txt", Utf8("x"), "user_data");
        form.Add(new StringContent("created_at"), "expires_after[anchor]");
        form.Add(new StringContent(seconds), "expires_after[seconds]");
        var file = (await SendAsync(Api, form)).Ok;
        (file.GetProperty("expires_at").GetInt64() - file.GetProperty("created_at").GetInt64()).ShouldBe(long.Parse(seconds, null));

        await SqlAsync($"UPDATE knowledge.files SET expires_at = now() - interval '1 second' WHERE id = '{IdOf(file)[5..]}'");
        (await Api.GetAsync($"v1/files/{IdOf(file)}", Ct)).Status.ShouldBe(404);
        (await Api.GetAsync($"v1/files/{IdOf(file)}/content", Ct)).Status.ShouldBe(404);
        (await Api.GetAsync("v1/files", Ct)).Text.ShouldNotContain(IdOf(file));
    }

    [Theory]
    [InlineData("created_at", "3599")]
    [InlineData("created_at", "2592001")]
    [InlineData("created_at", "soon")]
    [InlineData("last_active_at", "3600")]
    public async Task An_expiry_that_cannot_be_is_a_400(string anchor, string seconds)
    {
        using var form = Form("short.txt", Utf8("x"), "user_data");
        form.Add(new StringContent(anchor), "expires_after[anchor]");
        form.Add(new StringContent(seconds), "expires_after[seconds]");
        var reply = await SendAsync(Api, form);

        reply.Status.ShouldBe(400);
        reply.Param!.ShouldStartWith("expires_after.");
    }

    [Fact]
    public async Task A_file_for_a_batch_expires_after_a_month()
    {
        var file = await FileAsync("batch.jsonl", "{}", "batch");
        (file.GetProperty("expires_at").GetInt64() - file.GetProperty("created_at").GetInt64()).ShouldBe(30 * 24 * 3600);
    }

    private async Task<List<string>> FilesAsync(int count)
    {
        var ids = new List<string>();
        for (var n = 0; n < count; n++) ids.Add(IdOf(await FileAsync($"{n}.txt", $"{n}", "assistants")));
        return ids;
    }

    private async Task<List<string>> PagesAsync(string query)
    {
        var ids = new List<string>();
        while (true)
        {
            var page = (await Api.GetAsync($"v1/files?{query}&limit=3{(ids.Count == 0 ? "" : $"&after={ids[^1]}")}", Ct)).Ok;
            ids.AddRange(page.GetProperty("data").EnumerateArray().Select(IdOf));
            if (!page.GetProperty("has_more").GetBoolean()) return ids;
        }
    }
}
