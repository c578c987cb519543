using AiPlatform.Application.Chat.Conversations;
using AiPlatform.Application.Identity;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application.Tests.Common;

/// <summary>What PostgreSQL could not keep is refused by name, before it is asked to.</summary>
public sealed class TextRulesTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddApplication().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u001bb")]
    public void Control_characters_are_refused_wherever_text_is_stored_or_searched(string text)
    {
        ParamsOf(new RenameConversation("conv_1", text)).ShouldBe(["title"]);
        ParamsOf(new ListConversations(null, null, text)).ShouldBe(["query"]);
        ParamsOf(new SignIn(text + "@b.c", "password")).ShouldBe(["email"]);
        ParamsOf(new InviteUser(text + "@b.c", text, "member")).ShouldBe(["email", "name"]);
        ParamsOf(new ChangePassword("secret", "long enough", null, text + "@b.c", text)).ShouldBe(["email", "name"]);
        ParamsOf(new CreateWorkspace(text, text + "@b.c", text)).ShouldBe(["name", "admin_email", "admin_name"]);
    }

    [Fact]
    public void Any_other_text_is_good_up_to_its_length()
    {
        ParamsOf(new RenameConversation("conv_1", "Grüße 🌏 नमस्ते")).ShouldBeEmpty();
        ParamsOf(new RenameConversation("conv_1", new string('x', 200))).ShouldBeEmpty();
        ParamsOf(new RenameConversation("conv_1", new string('x', 201))).ShouldBe(["title"]);
        ParamsOf(new RenameConversation("conv_1", "  ")).ShouldBe(["title"]);
    }

    private List<string> ParamsOf<T>(T request) => [.. _services.GetRequiredService<IValidator<T>>().Validate(request).Errors.Select(failure => failure.PropertyName).Distinct()];
}
