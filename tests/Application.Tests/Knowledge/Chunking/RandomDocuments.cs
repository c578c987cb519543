using System.Text;
using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Application.Tests.Knowledge.Chunking;

/// <summary>Documents of all kinds of structure, in many scripts, some of them hostile.</summary>
internal static class RandomDocuments
{
    private static readonly string[] Words =
    [
        "the", "retrieval", "of", "Grüße", "e.g.", "3.14", "don't", "\"quoted\"", "वेतन", "कर्मचारी", "今日は良い天気です", "مرحبا", "👩‍👩‍👧‍👦", "🌏", "a", "antidisestablishmentarianism", "x=1;", "ก็ไม่รู้",
        "\uFFFD", "e\u0301\u0301\u0301", "--", "§", "\u200b",
    ];

    private static readonly string[] Ends = [". ", "! ", "? ", "। ", "。", "… ", ".\n", ", ", " ", "\n\n", "؟ "];
    private static readonly BlockKind[] Kinds = Enum.GetValues<BlockKind>();

    public static ExtractedText Of(Random random) => new(
        "txt",
        random.Next(2) == 0 ? null : Text(random, 5),
        [.. Enumerable.Range(1, random.Next(1, 4)).Select(page => new ExtractedPage(page, [.. Enumerable.Range(0, random.Next(0, 30)).Select(_ => Block(random))]))]);

    private static ExtractedBlock Block(Random random)
    {
        var kind = Kinds[random.Next(Kinds.Length)];
        return random.Next(20) switch
        {
            0 => new ExtractedBlock(kind, ""),
            1 => new ExtractedBlock(kind, new string(random.Next(2) == 0 ? ' ' : '\n', random.Next(1, 600))),
            2 => new ExtractedBlock(kind, string.Concat(Enumerable.Repeat(Words[random.Next(Words.Length)], random.Next(1, 2000)))),
            3 => new ExtractedBlock(kind, Text(random, 800)),
            _ when kind is BlockKind.Heading => new ExtractedBlock(kind, Text(random, 6), random.Next(0, 5)),
            _ => new ExtractedBlock(kind, Text(random, random.Next(1, 120))),
        };
    }

    private static string Text(Random random, int words)
    {
        var text = new StringBuilder();
        for (var i = 0; i < words; i++) text.Append(Words[random.Next(Words.Length)]).Append(random.Next(6) == 0 ? Ends[random.Next(Ends.Length)] : " ");
        return text.ToString();
    }
}
