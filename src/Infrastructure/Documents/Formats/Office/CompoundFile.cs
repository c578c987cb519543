using System.Text;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Parsing;

namespace AiPlatform.Infrastructure.Documents.Formats.Office;

/// <summary>The old container of Microsoft Office. Its streams' names tell what it holds, which is nothing that is read.</summary>
internal static class CompoundFile
{
    private const int LookAt = 4 << 20;

    public static DocumentRefused Refusal(SourceFile file)
    {
        using var content = file.Open();
        var bytes = new byte[(int)Math.Min(file.Length, LookAt)];
        content.ReadExactly(bytes);
        bool Has(string stream) => bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(stream)) >= 0;

        if (Has("EncryptedPackage")) return Refuse.Protected("document");
        if (Has("WordDocument")) return Refuse.Unsupported("a Word document of the old kind (.doc)", "Save it as .docx and upload that.");
        if (Has("PowerPoint Document")) return Refuse.Unsupported("a presentation of the old kind (.ppt)", "Save it as .pptx and upload that.");
        if (Has("Workbook") || Has("Book")) return Refuse.Unsupported("a workbook of the old kind (.xls)", "Save it as .xlsx and upload that.");
        if (Has("__substg1.0_")) return Refuse.Unsupported("an Outlook message (.msg)", "Save it as .eml and upload that.");
        return Refuse.Unsupported("a file of an old version of Microsoft Office", "Save it in the current format and upload that.");
    }
}
