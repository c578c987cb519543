using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Files;

/// <summary>What clients write into forms, and what is made of it.</summary>
public sealed class FormTests(LocalPlatform platform) : FileTest(platform), IClassFixture<LocalPlatform>
{
    private const string File = """
        --b
        Content-Disposition: form-data; name="file"; filename="a.txt"
        Content-Type: text/plain

        hello

        """;

    private const string Purpose = """
        --b
        Content-Disposition: form-data; name="purpose"

        user_data

        """;

    private const string End = "--b--\n";

    [Theory]
    [InlineData(Purpose + File + End)]
    [InlineData(File + Purpose + End)]
    [InlineData("Whatever stands before the first field.\n" + File + Purpose + End + "And after the last.\n")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"x\"\n\nunknown\n" + File + Purpose + End)]
    [InlineData("--b\nContent-Disposition: form-data; name=purpose\n\nuser_data\n" + File + End)]
    public async Task Fields_come_in_any_order(string form)
    {
        var reply = await SendRawAsync(form);

        reply.Ok.GetProperty("bytes").GetInt64().ShouldBe(5);
        reply.Ok.GetProperty("purpose").GetString().ShouldBe("user_data");
    }

    [Theory]
    [InlineData(File + End, "purpose", "invalid_value")]
    [InlineData(Purpose + End, "file", "invalid_value")]
    [InlineData(File + File + Purpose + End, "file", "invalid_value")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"file\"\n\nhello\n" + Purpose + End, "file", "invalid_value")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"purpose\"\n\nfun\n" + File + End, "purpose", "invalid_value")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"purpose\"\n\nassistants_output\n" + File + End, "purpose", "invalid_value")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"expires_after[seconds]\"\n\n3600\n" + Purpose + File + End, "expires_after.anchor", "invalid_value")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"expires_after[anchor]\"\n\ncreated_at\n" + Purpose + File + End, "expires_after.seconds", "invalid_value")]
    [InlineData(Purpose + File, null, "invalid_multipart")]
    [InlineData(File + "--b\nContent-Disposition: form-", null, "invalid_multipart")]
    [InlineData("--b\nContent-Type: text/plain\n\nhello\n" + End, null, "invalid_multipart")]
    [InlineData("--other\nContent-Disposition: form-data; name=\"purpose\"\n\nuser_data\n--other--\n", null, "invalid_multipart")]
    [InlineData("{\"purpose\":\"user_data\"}", null, "invalid_multipart")]
    [InlineData("", null, "invalid_multipart")]
    public async Task A_form_that_is_not_one_is_a_400_that_says_why_and_leaves_nothing(string form, string? param, string code)
    {
        await ShouldLeaveNothingAsync(async () =>
        {
            var reply = await SendRawAsync(form);

            (reply.Status, reply.Code, reply.Param).ShouldBe((400, code, param), reply.Text);
            reply.Error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
        });
        ShouldNotHaveLogged(LogLevel.Warning);
    }

    [Theory]
    [InlineData("application/json", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/mixed; boundary=b", 415)]
    [InlineData("multipart/form-data", 400)]
    [InlineData("multipart/form-data; boundary=\"\"", 400)]
    public async Task The_content_type_has_to_be_that_of_a_form(string type, int status) =>
        (await SendRawAsync(Purpose + File + End, type)).Status.ShouldBe(status);

    [Fact]
    public async Task A_boundary_of_endless_dashes_is_refused() =>
        (await SendRawAsync(Purpose + File + End, $"multipart/form-data; boundary={new string('-', 5000)}")).Code.ShouldBe("invalid_multipart");

    [Fact]
    public async Task A_form_of_very_many_fields_or_headers_is_refused()
    {
        (await SendRawAsync(string.Concat(Enumerable.Repeat(Purpose, 500)) + File + End)).Code.ShouldBe("invalid_multipart");
        var headers = string.Concat(Enumerable.Range(0, 5000).Select(n => $"X-Header-{n}: {n}\n"));
        (await SendRawAsync($"--b\nContent-Disposition: form-data; name=\"purpose\"\n{headers}\nuser_data\n{End}")).Code.ShouldBe("invalid_multipart");
    }

    [Fact]
    public async Task A_field_that_nobody_knows_cannot_be_used_to_send_without_end()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[3_000_000]), "movie", "movie.mp4" } };
        var reply = await SendAsync(Api, form);

        (reply.Status, reply.Code, reply.Param).ShouldBe((413, "field_too_large", "movie"));
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("""C:\\Users\\Me\\Report.docx""", "Report.docx")]
    [InlineData("..", "file")]
    [InlineData(".", "file")]
    [InlineData("", "file")]
    [InlineData("   ", "file")]
    [InlineData("folder/", "file")]
    [InlineData(".gitignore", ".gitignore")]
    [InlineData("tab\there.txt", "tabhere.txt")]
    [InlineData("nul\0here.txt", "nulhere.txt")]
    [InlineData("cod\u202Eexe.doc", "codexe.doc")]
    [InlineData("पुस्तकालय समय.txt", "पुस्तकालय समय.txt")]
    [InlineData("資料 📚.txt", "資料 📚.txt")]
    [InlineData("<script>alert(1)</script>.html", "script>.html")]
    [InlineData("a;b=c, d.txt", "a;b=c, d.txt")]
    [InlineData("50% \\\"off\\\".txt", "50% \"off\".txt")]
    public async Task Only_a_name_is_kept_of_a_filename(string sent, string kept)
    {
        var reply = await SendRawAsync(File.Replace("a.txt", sent, StringComparison.Ordinal) + Purpose + End);

        reply.Ok.GetProperty("filename").GetString().ShouldBe(kept);
        var (response, content) = await DownloadAsync(IdOf(reply.Ok));
        using (response)
        {
            content.ShouldBe(Utf8("hello"));
            var disposition = response.Content.Headers.ContentDisposition!;
            disposition.DispositionType.ShouldBe("attachment");
            disposition.FileNameStar.ShouldBe(kept);
        }
    }

    [Fact]
    public async Task A_filename_in_the_extended_notation_is_understood()
    {
        var form = File.Replace("filename=\"a.txt\"", "filename=\"a.txt\"; filename*=UTF-8''%E8%B3%87%E6%96%99.txt", StringComparison.Ordinal) + Purpose + End;

        (await SendRawAsync(form)).Ok.GetProperty("filename").GetString().ShouldBe("資料.txt");
    }

    [Fact]
    public async Task A_filename_that_is_too_long_keeps_its_ending()
    {
        var name = (await FileAsync(new string('x', 300) + "📚📚.pdf", "text")).GetProperty("filename").GetString()!;

        name.Length.ShouldBe(255);
        name.ShouldEndWith("x.pdf");
    }

    [Theory]
    [InlineData("page.html", "application/octet-stream")]
    [InlineData("drawing.svg", "application/octet-stream")]
    [InlineData("code.js", "application/octet-stream")]
    [InlineData("feed.xml", "application/octet-stream")]
    [InlineData("nothing", "application/octet-stream")]
    [InlineData("book.PDF", "application/pdf")]
    [InlineData("notes.txt", "text/plain")]
    public async Task No_browser_is_made_to_run_what_it_downloads(string name, string type)
    {
        var (response, _) = await DownloadAsync(IdOf(await FileAsync(name, "<script>alert(1)</script>")));
        using (response)
        {
            response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
            response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            response.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; sandbox"]);
            response.Headers.CacheControl!.Private.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("report.pdf", "user_data", "7F454C46020101", "ELF")]
    [InlineData("report.docx", "user_data", "CFFAEDFE07000001", "Mach-O")]
    [InlineData("tool", "assistants", "7F454C46020101", "ELF")]
    [InlineData("photo.png", "vision", "255044462D312E37", "no image")]
    [InlineData("batch.jsonl", "batch", "5B7B7D5D", "JSON Lines")]
    [InlineData("train.jsonl", "fine-tune", "", "JSON Lines")]
    [InlineData("evals.jsonl", "evals", "504B0304", "JSON Lines")]
    public async Task What_a_file_cannot_be_is_refused_by_what_was_found(string name, string purpose, string hex, string found)
    {
        using var form = Form(name, Convert.FromHexString(hex), purpose);
        await ShouldLeaveNothingAsync(async () =>
        {
            var reply = await SendAsync(Api, form);
            (reply.Status, reply.Code, reply.Param).ShouldBe((400, "invalid_file", "file"));
            reply.Error.GetProperty("message").GetString()!.ShouldContain(found);
        });
    }

    [Fact]
    public async Task A_windows_program_is_known_from_a_text_that_begins_like_one()
    {
        var program = new byte[256];
        "MZ"u8.CopyTo(program);
        program[60] = 128;
        "PE\0\0"u8.CopyTo(program.AsSpan(128));
        using var disguised = Form("invoice.pdf", program, "user_data");

        (await SendAsync(Api, disguised)).Error.GetProperty("message").GetString()!.ShouldContain("PE, Windows");
        (await FileAsync("setup.exe", program)).GetProperty("filename").GetString().ShouldBe("setup.exe");
        (await FileAsync("mz.txt", "MZ is the code of Mozambique. " + new string(' ', 100))).GetProperty("filename").GetString().ShouldBe("mz.txt");
    }

    [Theory]
    [InlineData("batch", "\uFEFF \n{\"custom_id\":\"1\"}")]
    [InlineData("fine-tune", "{\"messages\":[]}")]
    public async Task Json_lines_are_taken_where_they_are_needed(string purpose, string text) =>
        (await FileAsync("lines.jsonl", text, purpose)).GetProperty("purpose").GetString().ShouldBe(purpose);
}
