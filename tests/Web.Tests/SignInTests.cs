using System.Text.RegularExpressions;

namespace AiPlatform.Web.Tests;

public sealed partial class SignInTests(Platform platform, Browser browser) : WebTest(platform, browser)
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task A_link_lets_one_choose_a_password_and_the_password_lets_one_in_again()
    {
        await Page.GotoAsync(SignInLink);
        await Expect(Page.GetByLabel("Email")).ToHaveValueAsync(Email);
        await Page.GetByLabel("Name").FillAsync("Ada");
        await Page.GetByLabel("Password").FillAsync(Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(Page.GetByTestId("message-input")).ToBeVisibleAsync();
        Page.Url.ShouldNotContain("token");

        await Page.GetByTestId("user-menu").ClickAsync();
        var licences = await Page.GetByRole(AriaRole.Menuitem, new() { Name = "Licences of others" }).GetAttributeAsync("href");
        (await (await Page.APIRequest.GetAsync(licences!)).TextAsync()).ShouldContain("## react - ");
        await Page.GetByTestId("sign-out").ClickAsync();
        await SignInAsync("wrong " + Password);
        await Expect(Page.GetByTestId("sign-in-error")).ToBeVisibleAsync();
        await SignInAsync(Password);

        await Expect(Page.GetByTestId("message-input")).ToBeVisibleAsync();
        await Expect(Page.GetByTestId("user-menu")).ToContainTextAsync("Ada");
    }

    [Fact]
    public async Task A_link_works_once_but_does_no_harm_to_who_is_signed_in()
    {
        await EnterAsync();

        var stranger = await NewVisitorAsync();
        await stranger.GotoAsync(SignInLink);
        await Expect(stranger.GetByTestId("sign-in-notice")).ToContainTextAsync("has been used");

        await Page.GotoAsync(SignInLink);
        await Expect(Page.GetByTestId("toasts")).ToContainTextAsync("You are signed in");
        await Expect(Page.GetByTestId("message-input")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_session_that_has_ended_asks_to_sign_in_again()
    {
        await EnterAsync();

        await Page.Context.ClearCookiesAsync();
        await AskAsync("Are you there?");

        await Expect(Page.GetByTestId("sign-in-notice")).ToContainTextAsync("Your session has ended");
    }

    [Fact]
    public async Task A_conversation_of_another_workspace_does_not_exist()
    {
        var foreign = (await Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString();
        await EnterAsync();

        await Page.GotoAsync("/c/" + foreign);

        await Expect(Page.GetByTestId("conversation-missing")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start a new chat" }).ClickAsync();
        await Expect(Page).ToHaveURLAsync(FrontPage());
    }

    private async Task SignInAsync(string password)
    {
        await Page.GetByLabel("Email").FillAsync(Email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    [GeneratedRegex("^http://[^/]+/$")]
    private static partial Regex FrontPage();
}
