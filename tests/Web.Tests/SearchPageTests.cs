using System.Text.RegularExpressions;

namespace AiPlatform.Web.Tests;

/// <summary>The page that tries out what a collection answers.</summary>
public sealed partial class SearchPageTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    private const string Harbour = """
        # Harbour rules

        Ships enter with the tide, and leave with it.

        The lighthouse is lit from dusk to dawn, also in fog.
        """;

    private ILocator Hits => Page.GetByTestId("hit");

    [Fact]
    public async Task A_search_shows_passages_says_why_they_were_found_and_leads_to_them()
    {
        await EnterAsync();
        await WebDocuments.AddAndWaitAsync(Page, ("harbour.md", Harbour), ("kitchen.txt", "Salt the water before the potatoes."));

        await Page.GetByTestId("search-collection").ClickAsync();
        await Page.GetByTestId("search-question").FillAsync("When is the lighthouse lit?");
        await Page.GetByTestId("search-submit").ClickAsync();

        var best = Hits.First;
        await Expect(best).ToContainTextAsync("The lighthouse is lit from dusk to dawn");
        await Expect(best.GetByRole(AriaRole.Link)).ToHaveTextAsync("harbour.md");
        await best.GetByTestId("why").ClickAsync();
        await Expect(best).ToContainTextAsync("similarity");
        await Page.ReloadAsync();
        await Expect(Page.GetByTestId("search-question")).ToHaveValueAsync("When is the lighthouse lit?");
        await Hits.First.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(Page.GetByTestId("document-page").Locator("mark.quoted").Last).ToContainTextAsync("The lighthouse is lit");
        await Page.GoBackAsync();
        await Expect(best).ToBeVisibleAsync();
        Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_filter_and_its_settings_are_part_of_the_address()
    {
        await EnterAsync();
        await WebDocuments.AddAndWaitAsync(Page, ("harbour.md", Harbour));
        await Page.GetByTestId("search-collection").ClickAsync();
        await Page.GetByTestId("search-question").FillAsync("tide");
        await Page.GetByTestId("search-options").ClickAsync();
        await Page.GetByLabel("Results").FillAsync("5");
        await Page.GetByTestId("add-condition").ClickAsync();
        await Page.GetByLabel("Attribute").FillAsync("year");
        await Page.GetByRole(AriaRole.Textbox, new() { Name = "Value" }).FillAsync("2026");

        await Page.GetByTestId("search-submit").ClickAsync();

        await Expect(Page.GetByTestId("search-none")).ToContainTextAsync("the filter leaves out");
        await Expect(Page).ToHaveURLAsync(WholeAddress());
        await Page.ReloadAsync();
        await Expect(Page.GetByTestId("search-none")).ToBeVisibleAsync();
        await Expect(Page.GetByLabel("Attribute")).ToHaveValueAsync("year");
    }

    [GeneratedRegex(@"/search\?q=tide&n=5&where=.*year.*2026")]
    private static partial Regex WholeAddress();
}
