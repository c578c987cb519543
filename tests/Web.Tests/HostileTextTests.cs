namespace AiPlatform.Web.Tests;

/// <summary>Nobody who writes a text, person or model, gets to run anything in the page or to learn who reads it.</summary>
public sealed class HostileTextTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    private const string Question = "<img src=x onerror=window.hacked=1>";

    private const string HostileAnswer = """
        Inline <img src=x onerror=window.hacked=1> and <b onclick=window.hacked=1>bold</b>.

        <script>window.hacked=1</script>
        <iframe src="javascript:parent.hacked=1"></iframe>

        [press me](javascript:window.hacked=1) <javascript:window.hacked=1> [data](data:text/html,<script>hacked=1</script>)

        ![a pixel](http://foreign.invalid/pixel.png?who=you)

        ![by reference][pixel] ![unknown scheme](data:image/svg+xml;base64,PHN2Zz4=) <svg><image href=http://foreign.invalid/svg.png /></svg>

        [pixel]: <http://foreign.invalid/reference.png?who=you>

        ```html"onmouseover="window.hacked=1
        <script>window.hacked=1</script>
        ```
        """;

    [Fact]
    public async Task What_people_and_models_write_stays_text()
    {
        Vendor.Enqueue(FakeScript.Say(HostileAnswer));
        await EnterAsync();

        await AskAndWaitAsync(Question);
        await ExpectHarmlessAsync();
        await Page.ReloadAsync();
        await ExpectHarmlessAsync();
    }

    [Fact]
    public async Task The_page_can_neither_run_nor_reach_what_is_not_its_servers()
    {
        var response = await Page.GotoAsync("/");
        var policy = response!.Headers["content-security-policy"];
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("object-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe-eval");
        response.Headers["x-dns-prefetch-control"].ShouldBe("off", "a browser would look up the hosts of links that nobody follows");
        await Expect(Page.GetByTestId("sign-in-form")).ToBeVisibleAsync();

        var ran = await Page.EvaluateAsync<bool>(
            "() => { const script = document.createElement('script'); script.textContent = 'window.ran = 1'; document.head.append(script); return 'ran' in window; }");
        var reached = await Page.EvaluateAsync<bool>("address => fetch(address, { mode: 'no-cors' }).then(() => true, () => false)", Vendor.BaseUri.ToString());

        ran.ShouldBeFalse();
        reached.ShouldBeFalse();
        Vendor.Requests.ShouldNotContain(request => request.Path == "/");
    }

    private async Task ExpectHarmlessAsync()
    {
        await Expect(Answer).ToContainTextAsync("<script>window.hacked=1</script>");
        await Expect(Answer).ToContainTextAsync("<img src=x onerror=window.hacked=1>");
        await Expect(Answer.GetByRole(AriaRole.Link)).ToHaveTextAsync(["a pixel (image at foreign.invalid)", "by reference (image at foreign.invalid)"]);
        foreach (var link in await Answer.GetByRole(AriaRole.Link).AllAsync()) await Expect(link).ToHaveAttributeAsync("rel", "noopener noreferrer nofollow");
        await Expect(Questions).ToContainTextAsync(Question);
        await Expect(Rows).ToContainTextAsync(Question);
        await Expect(Page).ToHaveTitleAsync(Question + " - AiPlatform");
        await Expect(Page.GetByTestId("chat").Locator("img, script, iframe, [onclick], [onerror]")).ToHaveCountAsync(0);
        (await Page.EvaluateAsync<bool>("'hacked' in window")).ShouldBeFalse();
        Requested.ShouldAllBe(address => address.StartsWith(Platform.Address.ToString(), StringComparison.Ordinal));
        Problems.ShouldBeEmpty();
    }
}
