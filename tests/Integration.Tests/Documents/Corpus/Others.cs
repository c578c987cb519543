using System.Text;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Integration.Tests.Documents.Making;

namespace AiPlatform.Integration.Tests.Documents.Corpus;

/// <summary>Web pages, mail, pictures, and what is none of these.</summary>
internal static class Others
{
    private const string Mail = """
        From: =?utf-8?B?SsO8cmdlbg==?= <j@example.com>
        To: readers@example.com
        Subject: =?iso-8859-1?Q?B=FCcherei_ge=F6ffnet?=
        Date: Sun, 22 Nov 2026 09:00:00 +0000
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="outer"

        --outer
        Content-Type: multipart/alternative; boundary=inner

        --inner
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: quoted-printable

        The plain text =C3=BC with a soft=
         break.
        --inner
        Content-Type: text/html; charset=windows-1252
        Content-Transfer-Encoding: base64

        PHA+VGhlIGxpYnJhcnkgaXMgb3BlbiBhdCBuaW5lLCBw/G5rdGxpY2guPC9wPg==
        --inner--
        --outer
        Content-Type: application/pdf; name="plan.pdf"
        Content-Disposition: attachment; filename*=utf-8''M%C3%A4rz-plan.pdf
        Content-Transfer-Encoding: base64

        JVBERi0=
        --outer
        Content-Type: message/rfc822

        From: other@example.com
        Subject: The forwarded one

        Words of the forwarded message.
        --outer--
        """;

    public static IEnumerable<CorpusFile> Files =>
    [
        CorpusFile.Reads("page.html", () => Encoding.UTF8.GetBytes(
            "<html><head><title>Hours</title><style>p{}</style><script>track()</script></head><body><nav>Menu Home</nav><main><h1>Opening hours</h1><p>The library<br>opens at <b>nine</b>.</p>"
            + "<ul><li>Harbour<li>Station</ul><table><tr><th>Town<th>Founded</tr><tr><td>Uppsala<td>1477</tr></table><pre>a  b</pre></main><footer>Cookies</footer></body></html>"), "html", text =>
        {
            text.Title.ShouldBe("Hours");
            text.Text.ShouldBe("Opening hours\n\nThe library\nopens at nine.\n\nHarbour\nStation\n\nTown | Founded\nTown: Uppsala | Founded: 1477\n\na  b");
        }),
        CorpusFile.Reads("declared.html", () => Encoding.Latin1.GetBytes("<html><meta charset=\"iso-8859-1\"><p>Die Bücherei</p></html>"), "html", "Die Bücherei"),
        CorpusFile.Reads("web-page-called.pdf", () => "<!DOCTYPE html><html><body><h1>404</h1><p>Not found, sorry.</p></body></html>"u8.ToArray(), "html", "Not found, sorry."),
        CorpusFile.Refuses("deep.html", () => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<div>", 50_000)) + "deep"), Refusal.InvalidFile, "nested"),
        CorpusFile.Reads("laughs.xhtml", () => "<!DOCTYPE html [<!ENTITY a \"haha\">]><html><body><p>No &a; here.</p></body></html>"u8.ToArray(), "html", "here."),
        CorpusFile.Reads("letter.eml", () => Encoding.ASCII.GetBytes(Mail.ReplaceLineEndings("\r\n")), "eml", text =>
        {
            text.Title.ShouldBe("Bücherei geöffnet");
            text.Text.ShouldContain("From: Jürgen <j@example.com>");
            text.Text.ShouldContain("open at nine, pünktlich.");
            text.Text.ShouldContain("Words of the forwarded message.");
            text.Text.ShouldContain("März-plan.pdf");
            text.Text.ShouldNotContain("JVBER");
        }),
        CorpusFile.Reads("plain.eml", () => "Subject: Plain\n\nOnly text, with =C3=BC as it stands."u8.ToArray(), "eml", "Only text, with =C3=BC"),
        CorpusFile.Refuses("nested.eml", NestedMail, Refusal.InvalidFile, "nested"),
        CorpusFile.Refuses("not-a-mail.eml", () => "no header at all\n"u8.ToArray(), Refusal.InvalidFile, "e-mail"),
        CorpusFile.Reads("scan.png", Pictures.Png, "png", Pictures.Sentence),
        CorpusFile.Reads("scan.jpg", Pictures.Jpeg, "jpeg", Pictures.Sentence),
        CorpusFile.Reads("scan.tiff", Pictures.Tiff, "tiff", Pictures.Sentence),
        CorpusFile.Reads("scan.bmp", Pictures.Bmp, "bmp", Pictures.Sentence),
        CorpusFile.Reads("png-called.txt", Pictures.Png, "png", Pictures.Sentence),
        CorpusFile.Refuses("flood.png", Pictures.PngFlood, Refusal.InvalidFile, "60,000 by 60,000 pixels"),
        CorpusFile.Refuses("circle.tiff", Pictures.TiffCircle, Refusal.InvalidFile, "500 pages"),
        CorpusFile.Refuses("cut-off.png", () => Pictures.Png()[..200], Refusal.InvalidFile, "picture"),
        CorpusFile.Refuses("program.txt", () => [0x7F, .. "ELF"u8, 2, 1, 1, .. new byte[500]], Refusal.UnsupportedFile, "program for Linux"),
        CorpusFile.Refuses("archive.docx", () => [0x1F, 0x8B, 8, 0, .. new byte[100]], Refusal.UnsupportedFile, "gzip"),
        CorpusFile.Refuses("film.mp4", () => [0, 0, 0, 24, .. "ftypisom"u8, .. new byte[100]], Refusal.UnsupportedFile, "MP4"),
        CorpusFile.Refuses("noise.bin", () => [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7919 >> 3))], Refusal.UnsupportedFile, "unknown kind"),
    ];

    private static byte[] NestedMail()
    {
        var mail = new StringBuilder("Subject: Nested\n");
        for (var i = 0; i < 60; i++) mail.Append($"Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n");
        return Encoding.ASCII.GetBytes(mail.Append("\n\ntext").ToString());
    }
}
