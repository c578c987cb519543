using System.Text;
using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Integration.Tests.Documents.Corpus;

/// <summary>Plain text in many encodings, source code, Markdown, tables, JSON.</summary>
internal static class Texts
{
    private const string Hindi = "पुस्तकालय सुबह नौ बजे खुलता है।\n\nरविवार को बंद रहता है।";
    private const string Russian = "Библиотека открывается в девять часов утра и закрывается в шесть часов вечера. По воскресеньям она закрыта для посетителей.";
    private const string Japanese = "図書館は午前九時に開きます。日曜日は休館です。静かにしてください。本を大切に扱ってください。";
    private const string German = "Die Bücherei öffnet um neun Uhr. Größere Gruppen müssen sich anmelden, außer an Feiertagen.";

    static Texts() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static IEnumerable<CorpusFile> Files =>
    [
        CorpusFile.Reads("hindi.txt", () => Encoding.UTF8.GetBytes(Hindi), "txt", text =>
        {
            text.Text.ShouldBe(Hindi);
            text.Blocks.Count.ShouldBe(2);
        }),
        CorpusFile.Reads("utf8-mark.txt", () => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(German)], "txt", text => text.Text.ShouldBe(German)),
        CorpusFile.Reads("utf16le.txt", () => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Hindi)], "txt", text => text.Text.ShouldBe(Hindi)),
        CorpusFile.Reads("utf16be.txt", () => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(German)], "txt", text => text.Text.ShouldBe(German)),
        CorpusFile.Reads("utf16le-unmarked.txt", () => Encoding.Unicode.GetBytes(German), "txt", text => text.Text.ShouldBe(German)),
        CorpusFile.Reads("utf16be-unmarked.txt", () => Encoding.BigEndianUnicode.GetBytes(German), "txt", text => text.Text.ShouldBe(German)),
        CorpusFile.Reads("utf32.txt", () => [.. Encoding.UTF32.GetPreamble(), .. Encoding.UTF32.GetBytes(German)], "txt", text => text.Text.ShouldBe(German)),
        CorpusFile.Reads("windows-1252.txt", () => Encoding.GetEncoding(1252).GetBytes(German), "txt", text => text.Text.ShouldBe(German)),
        CorpusFile.Reads("koi8-r.txt", () => Encoding.GetEncoding("koi8-r").GetBytes(Russian), "txt", text => text.Text.ShouldBe(Russian)),
        CorpusFile.Reads("shift-jis.txt", () => Encoding.GetEncoding("shift_jis").GetBytes(Japanese), "txt", text => text.Text.ShouldBe(Japanese)),
        CorpusFile.Reads("control.log", () => "start\u0001 of\r\na log that goes on for some time\u001B[31m in red\u0007\r\rend of it"u8.ToArray(), "txt", "start of\na log", "end of it"),
        CorpusFile.Reads("pages.txt", () => "First page.\fSecond page."u8.ToArray(), "txt", text => text.Pages.Select(page => page.Number).ShouldBe([1, 2])),
        CorpusFile.Reads("no-ending", () => "Just a text without an ending."u8.ToArray(), "txt", "Just a text"),
        CorpusFile.Reads("names.unknown", () => "A text with an ending that nobody knows."u8.ToArray(), "txt", "nobody knows"),
        CorpusFile.Reads("program.py", () => "import os\n\ndef open_hours():\n    return 9\n\n    # indented\n\ndef close():\n    return 17\n"u8.ToArray(), "code", text =>
        {
            text.Blocks.ShouldAllBe(placed => placed.Block.Kind == BlockKind.Code);
            text.Blocks.Count.ShouldBe(3);
            text.Text.ShouldContain("    return 9");
        }),
        CorpusFile.Reads("Makefile", () => "all:\n\tbuild everything\n"u8.ToArray(), "code", "\tbuild everything"),
        CorpusFile.Reads("config.xml", () => "<?xml version=\"1.0\"?><a><b>value</b></a>"u8.ToArray(), "code", "<b>value</b>"),
        CorpusFile.Reads("laughs.xml", () => "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><l>&b;</l>"u8.ToArray(), "code", "<l>&b;</l>"),
        CorpusFile.Reads("notes.md", () => Encoding.UTF8.GetBytes(Making.Programs.Markdown), "markdown", text =>
        {
            text.Title.ShouldBe("Opening hours");
            text.Blocks.Where(placed => placed.Block.Kind == BlockKind.Heading).Select(placed => placed.Block).ShouldBe([new(BlockKind.Heading, "Opening hours", 1), new(BlockKind.Heading, "Branches", 2)]);
            text.Text.ShouldContain("opens at nine. See the notice.");
            text.Text.ShouldContain("Town: Uppsala | Founded: 1477 | Books: 5200\nTown: Leiden");
            text.Text.ShouldContain("select count(*) from loans;");
            text.Text.ShouldContain("Harbour branch\nStation branch");
        }),
        CorpusFile.Refuses("deep.md", () => Encoding.ASCII.GetBytes(new string('>', 20_000) + " deep"), Refusal.InvalidFile, "nested"),
        CorpusFile.Reads("people.csv", () => "Name,Born,Remark\nAda,1815,\"wrote, \"\"first\"\"\"\nGrace,1906,\n"u8.ToArray(), "csv", text =>
        {
            text.Blocks[0].Block.ShouldBe(new ExtractedBlock(BlockKind.TableHeader, "Name | Born | Remark"));
            text.Blocks[1].Block.Text.ShouldBe("Name: Ada | Born: 1815 | Remark: wrote, \"first\"");
            text.Blocks[2].Block.Text.ShouldBe("Name: Grace | Born: 1906");
        }),
        CorpusFile.Reads("semicolons.csv", () => Encoding.GetEncoding(1252).GetBytes("Straße;Größe\nMühlenweg 3;1,80\nSchönallee;1,75\n"), "csv", "Straße: Mühlenweg 3 | Größe: 1,80"),
        CorpusFile.Reads("tabs.tsv", () => "City\tPeople\nUppsala\t177074\n"u8.ToArray(), "csv", "City: Uppsala | People: 177074"),
        CorpusFile.Reads("numbers.csv", () => "1,2\n3,4\n"u8.ToArray(), "csv", text => text.Text.ShouldBe("1 | 2\n3 | 4")),
        CorpusFile.Reads("million.csv", () => Encoding.ASCII.GetBytes("a,b\n" + string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"{i % 10},{i % 7}\n"))), "csv", text => text.Blocks.Count.ShouldBe(1_000_001)),
        CorpusFile.Refuses("quote.csv", () => Encoding.ASCII.GetBytes("a,b\n\"" + new string('x', 3_000_000)), Refusal.InvalidFile, "cell"),
        CorpusFile.Reads("hours.json", () => "{\"library\":{\"opens\":9,\"days\":[\"Mon\",\"Tue\"]},\"branches\":[{\"name\":\"Harbour\"},{\"name\":\"Station\"}]}"u8.ToArray(), "json", text =>
            text.Text.ShouldBe("library.opens: 9\nlibrary.days: Mon, Tue\n\nbranches.name: Harbour\n\nbranches.name: Station")),
        CorpusFile.Reads("events.jsonl", () => "{\"event\":\"open\"}\n\n{\"event\":\"close\"}\n"u8.ToArray(), "jsonl", text => text.Text.ShouldBe("event: open\n\nevent: close")),
        CorpusFile.Refuses("broken.json", () => "{\"a\": [1, 2"u8.ToArray(), Refusal.InvalidFile, "not valid JSON"),
        CorpusFile.Refuses("broken.jsonl", () => "{\"a\":1}\n{\"a\":\n"u8.ToArray(), Refusal.InvalidFile, "Line 2"),
        CorpusFile.Refuses("deep.json", () => Encoding.ASCII.GetBytes(new string('[', 500_000) + new string(']', 500_000)), Refusal.InvalidFile, "nested"),
        CorpusFile.Refuses("line-of-50-mb.txt", () => Filled(50_000_000, (byte)'x'), Refusal.InvalidFile, "20,000,000 characters"),
        CorpusFile.Reads("line-of-3-mb.txt", () => Filled(3_000_000, (byte)'x'), "txt", text => text.Blocks.ShouldAllBe(placed => placed.Block.Text.Length <= 16_000)),
        CorpusFile.Refuses("empty.txt", () => [], Refusal.InvalidFile, "empty"),
        CorpusFile.Refuses("blank.txt", () => "  \n\n \t "u8.ToArray(), Refusal.InvalidFile, "No text"),
        CorpusFile.Refuses("zeros.txt", () => new byte[5000], Refusal.UnsupportedFile, "not a text"),
    ];

    public static byte[] Filled(int length, byte with)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, with);
        return bytes;
    }
}
