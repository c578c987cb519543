namespace AiPlatform.Infrastructure.Documents.Formats;

/// <summary>What a name promises.</summary>
internal static class KnownExtensions
{
    private static readonly Dictionary<string, DocumentFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = DocumentFormat.Txt, ["txt"] = DocumentFormat.Txt, ["text"] = DocumentFormat.Txt, ["log"] = DocumentFormat.Txt,
        ["md"] = DocumentFormat.Markdown, ["markdown"] = DocumentFormat.Markdown, ["mdx"] = DocumentFormat.Markdown, ["mkd"] = DocumentFormat.Markdown,
        ["html"] = DocumentFormat.Html, ["htm"] = DocumentFormat.Html, ["xhtml"] = DocumentFormat.Html, ["mhtml"] = DocumentFormat.Email, ["mht"] = DocumentFormat.Email,
        ["csv"] = DocumentFormat.Csv, ["tsv"] = DocumentFormat.Csv, ["tab"] = DocumentFormat.Csv,
        ["json"] = DocumentFormat.Json, ["geojson"] = DocumentFormat.Json, ["jsonl"] = DocumentFormat.JsonLines, ["ndjson"] = DocumentFormat.JsonLines,
        ["eml"] = DocumentFormat.Email, ["rtf"] = DocumentFormat.Rtf, ["rst"] = DocumentFormat.ReStructuredText, ["tex"] = DocumentFormat.Tex,
        ["latex"] = DocumentFormat.Tex, ["ipynb"] = DocumentFormat.Notebook,
        ["pdf"] = DocumentFormat.Pdf, ["docx"] = DocumentFormat.Docx, ["docm"] = DocumentFormat.Docx, ["dotx"] = DocumentFormat.Docx,
        ["pptx"] = DocumentFormat.Pptx, ["pptm"] = DocumentFormat.Pptx, ["ppsx"] = DocumentFormat.Pptx, ["xlsx"] = DocumentFormat.Xlsx, ["xlsm"] = DocumentFormat.Xlsx,
        ["epub"] = DocumentFormat.Epub, ["odt"] = DocumentFormat.Odt, ["ods"] = DocumentFormat.Ods, ["odp"] = DocumentFormat.Odp,
        ["png"] = DocumentFormat.Png, ["jpg"] = DocumentFormat.Jpeg, ["jpeg"] = DocumentFormat.Jpeg, ["gif"] = DocumentFormat.Gif,
        ["tif"] = DocumentFormat.Tiff, ["tiff"] = DocumentFormat.Tiff, ["bmp"] = DocumentFormat.Bmp, ["webp"] = DocumentFormat.Webp,
    };

    /// <summary>Programs, and data that is read as it is written.</summary>
    private static readonly HashSet<string> Code = new(
        ("ada adb asm astro awk bash bat c cc cfg clj cljs cmake cmd conf cpp cs cshtml csproj css cu cue cxx d dart diff dockerfile el elm erl ex exs f90 fs fsx gd go "
        + "gql gradle graphql groovy h hcl hh hpp hrl hs hxx ini ipp java jl js json5 jsx kt kts less lisp lock lua m mak mjs mk ml mli mm nim nix pas patch php pl pm po "
        + "proto ps1 psm1 py pyi pyx r rb rkt rs s sass scala scm scss sh sln sol sql srt sv svelte svg swift tcl tf thrift toml ts tsx v vb vbs vhd vim vtt vue wasm xaml "
        + "xml xsd xsl xslt yaml yml zig zsh env editorconfig gitignore properties props targets makefile")
        .Split(' '), StringComparer.OrdinalIgnoreCase);

    /// <summary>The ending of a file's name, without the dot; the whole name of a file such as <c>Makefile</c>.</summary>
    public static string Of(string filename)
    {
        var name = filename[(filename.LastIndexOfAny(['/', '\\']) + 1)..];
        var dot = name.LastIndexOf('.');
        if (dot >= 0) return name[(dot + 1)..];
        return Code.Contains(name) ? name : "";
    }

    /// <summary>Null for an ending that nobody knows, which may well be text.</summary>
    public static DocumentFormat? Promised(string filename)
    {
        var extension = Of(filename);
        if (Formats.TryGetValue(extension, out var format)) return format;
        return Code.Contains(extension) ? DocumentFormat.Code : null;
    }
}
