using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure.Documents.Formats.Pdf;

namespace AiPlatform.Application.Tests.Documents.Pdf;

public sealed class PdfTablesTests
{
    private const string Long = "A line of prose goes from one side of its column to the other.";
    private static readonly double[] Lefts = [50, 150, 300];

    [Fact]
    public void A_small_table_keeps_its_rows_whatever_order_its_cells_come_in()
    {
        var sheet = new Sheet().Block(155, 100, "Price").Block(60, 100, "Card").Block(50, 122, "Child").Block(150, 122, "free").Block(50, 144, "Adult").Block(150, 144, "12 euro");

        sheet.Tables().ShouldBe([["Card", "Price"], ["Child", "free"], ["Adult", "12 euro"]]);
        sheet.Read().Select(block => block.Text).ShouldBe(["Card | Price", "Card: Child | Price: free", "Card: Adult | Price: 12 euro"]);
    }

    [Fact]
    public void Lines_in_a_cell_are_one_row_where_rows_are_further_apart_than_lines() =>
        new Sheet().Rows(100, Lefts, 36, ["Room", "Purpose", "Seats"], ["Hall", "Concerts and\nother events", "240"], ["Workshop", "Courses for\nchildren", "12"])
            .Tables().ShouldBe([["Room", "Purpose", "Seats"], ["Hall", "Concerts and other events", "240"], ["Workshop", "Courses for children", "12"]]);

    [Fact]
    public void A_short_cell_may_stand_at_the_middle_of_a_long_one() =>
        new Sheet().Block(50, 100, "Room").Block(150, 100, "Purpose").Block(150, 122, "Concerts and", "other events").Block(50, 128, "Hall").Block(150, 162, "Courses for", "children").Block(50, 168, "Shop")
            .Tables().ShouldBe([["Room", "Purpose"], ["Hall", "Concerts and other events"], ["Shop", "Courses for children"]]);

    [Fact]
    public void Drawn_lines_tell_which_lines_make_up_a_row()
    {
        var sheet = new Sheet().Block(50, 100, "Monday, which", "is a holiday", "Tuesday").Block(150, 100, "High at six and", "once more at noon", "Low at one").Block(300, 100, "Ada").Block(300, 124, "Grace");
        var grid = PdfRules.Of([(98, 40, 400), (124, 40, 400), (137, 40, 400)], [(140, 98, 137), (290, 98, 137)]);

        sheet.Tables(grid).ShouldBe([["Monday, which is a holiday", "High at six and once more at noon", "Ada"], ["Tuesday", "Low at one", "Grace"]]);
    }

    [Fact]
    public void Long_text_beside_a_term_belongs_to_it() =>
        new Sheet().Block(50, 100, "Anchor").Block(150, 100, Long, "It ends here.").Block(50, 136, "Bow").Block(150, 136, Long)
            .Tables().ShouldBe([["Anchor", Long + " It ends here."], ["Bow", Long]]);

    [Fact]
    public void Prose_in_columns_is_no_table()
    {
        string[] lines = [Long[..40].Trim(), Long[..37].Trim(), Long[..43].Trim(), Long[..39].Trim()];
        var sheet = new Sheet().Block(50, 100, lines).Block(320, 100, lines);

        sheet.Tables().ShouldBeEmpty();
        sheet.Read().Select(block => block.Text).ShouldBe([string.Join(' ', lines), string.Join(' ', lines)]);
    }

    [Fact]
    public void An_address_beside_a_letter_is_no_table() =>
        new Sheet().Block(50, 100, "Office", "Dock Road 5", "London").Block(150, 100, Long, Long, Long, Long).Tables().ShouldBeEmpty();

    [Fact]
    public void Cells_two_spaces_apart_are_a_table_where_they_begin_exactly_below_each_other()
    {
        string[][] rows = [["Name", "Born", "Town"], ["Ada Byron", "1815", "London"], ["Grace Hopper", "1906", "New York"], ["Emmy Noether", "1882", "Erlangen"]];

        Tight(0).Tables().ShouldBe(rows);
        Tight(2).Tables().ShouldBeEmpty();

        Sheet Tight(double unsteady)
        {
            var sheet = new Sheet().Block(50, 40, "The following have been members of the society from its beginning.");
            for (var y = 0; y < rows.Length; y++)
            {
                sheet.Block(50, 100 + y * 14, rows[y][0]);
                double[] lefts = [116 + y % 2 * unsteady, 142 + y % 2 * unsteady];
                for (var x = 1; x < 3; x++) sheet.Page.Blocks[^1].Lines.Add(new PdfLine(rows[y][x], lefts[x - 1], 100 + y * 14, lefts[x - 1] + rows[y][x].Length * 5, 12) { Continues = true });
            }

            return sheet;
        }
    }

    [Fact]
    public void A_table_goes_on_over_pages_under_its_names()
    {
        var one = new Sheet(1).Rows(700, Lefts, 20, ["Port", "Ships", "Tonnes"], ["Emden", "8", "90"], ["Kiel", "17", "120"]);
        var two = new Sheet(2).Rows(60, Lefts, 20, ["Port", "Ships", "Tonnes"], ["Bremen", "4", "30"], ["Husum", "2", "11"]);
        var three = new Sheet(3).Rows(60, Lefts, 20, ["London", "40", "301"], ["Hull", "3", "20"]);

        Sheet.Read([one, two, three]).Select(block => block.Text).ShouldBe(
        [
            "Port | Ships | Tonnes", "Port: Emden | Ships: 8 | Tonnes: 90", "Port: Kiel | Ships: 17 | Tonnes: 120", "Port: Bremen | Ships: 4 | Tonnes: 30", "Port: Husum | Ships: 2 | Tonnes: 11",
            "Port: London | Ships: 40 | Tonnes: 301", "Port: Hull | Ships: 3 | Tonnes: 20",
        ]);
    }

    [Fact]
    public void Marks_beside_texts_are_a_list() =>
        new Sheet().Block(50, 100, "1.", "2.").Block(80, 100, "Ask for a place", "Sit down").Read()
            .ShouldBe([new ExtractedBlock(BlockKind.ListItem, "1. Ask for a place"), new ExtractedBlock(BlockKind.ListItem, "2. Sit down")]);

    [Fact]
    public void Lines_and_shades_are_found_in_a_picture_of_the_page()
    {
        var points = new byte[100 * 60];
        Array.Fill(points, (byte)255);
        Array.Fill(points, (byte)187, 20 * 100 + 5, 90);
        for (var y = 30; y < 60; y++) Array.Fill(points, (byte)240, y * 100 + 5, 90);
        var rules = PdfRules.Of([.. "P5\n100 60\n255\n"u8, .. points], 1);

        rules.HasAcross(18, 22, 5, 95, 0.9).ShouldBeTrue();
        rules.HasAcross(29, 31, 5, 95, 0.9).ShouldBeTrue();
        rules.HasAcross(23, 28, 5, 95, 0.1).ShouldBeFalse();
        rules.HasDown(4, 6, 31, 59, 0.9).ShouldBeTrue();
        PdfRules.Of("P5\n9999999 9999999\n255\n"u8, 1).HasAcross(0, 100, 0, 100, 0.1).ShouldBeFalse();
    }

    [Fact]
    public void Lines_that_cross_are_whole_and_letters_in_a_row_are_none()
    {
        var points = new byte[100 * 60];
        Array.Fill(points, (byte)255);
        for (var y = 5; y <= 53; y += 12) Array.Fill(points, (byte)0, y * 100 + 5, 90);
        for (var y = 5; y <= 53; y++) points[y * 100 + 50] = 0;
        for (var x = 55; x < 90; x += 5) Array.Fill(points, (byte)0, 10 * 100 + x, 3);
        var rules = PdfRules.Of([.. "P5\n100 60\n255\n"u8, .. points], 1);

        rules.HasDown(49, 52, 6, 53, 0.9).ShouldBeTrue();
        rules.HasAcross(5, 6, 6, 94, 0.9).ShouldBeTrue();
        rules.HasAcross(9, 12, 55, 90, 0.1).ShouldBeFalse();
    }
}
