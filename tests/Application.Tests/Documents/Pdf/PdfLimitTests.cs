using AiPlatform.Infrastructure.Documents.Formats.Pdf;

namespace AiPlatform.Application.Tests.Documents.Pdf;

/// <summary>Pages that nobody would print. What is more than linear in their lines would not end here.</summary>
public sealed class PdfLimitTests
{
    private const int Many = 50_000;

    [Theory]
    [InlineData("all in one row")]
    [InlineData("all in one place")]
    [InlineData("in columns")]
    [InlineData("below each other")]
    [InlineData("everywhere")]
    public void A_page_of_very_many_lines_is_read(string where)
    {
        var sheet = new Sheet();
        var random = new Random(1);
        sheet.Page.Blocks.Add(new PdfBlock());
        for (var i = 0; i < Many; i++)
        {
            var (left, top) = where switch
            {
                "all in one row" => (i * 10.0, 100.0),
                "all in one place" => (100.0, 100.0),
                "in columns" => (i % 30 * 100.0, i / 30 * 13.0),
                "below each other" => (100.0, i * 13.0),
                _ => (random.NextDouble() * 1000, random.NextDouble() * 1000),
            };
            if (i % 3 == 0) sheet.Page.Blocks.Add(new PdfBlock());
            sheet.Page.Blocks[^1].Lines.Add(new PdfLine("word", left, top, left + 8, 12));
        }

        sheet.Read().Sum(block => block.Text.Split(' ').Count(word => word.Contains("word", StringComparison.Ordinal))).ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(1e5, -1e5)]
    [InlineData(0, 0)]
    [InlineData(-1e5, 1e5)]
    public void Numbers_without_sense_do_no_harm(double left, double right)
    {
        var sheet = new Sheet();
        sheet.Page.Blocks.Add(new PdfBlock());
        for (var i = 0; i < 100; i++) sheet.Page.Blocks[0].Lines.AddRange(PdfWords.Pieces([new PdfWord("one", left, right, right, left), new PdfWord("two", right, left, left, left), new PdfWord("2", left, left, left, left)]));

        sheet.Read().ShouldNotBeEmpty();
    }
}
