using AiPlatform.Application.Inference;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application.Tests.Inference;

public sealed class CreateEmbeddingsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddApplication().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("""["a","b"]""")]
    [InlineData("[1,2,3]")]
    [InlineData("[[1,2],[3]]")]
    public void Input_comes_in_four_forms(string input) => ParamsOf($$"""{"model":"m","input":{{input}},"encoding_format":"base64","dimensions":1}""").ShouldBeEmpty();

    [Theory]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("[\"a\",\"\"]")]
    [InlineData("[\"a\",1]")]
    [InlineData("[1.5]")]
    [InlineData("[-1]")]
    [InlineData("[[]]")]
    [InlineData("[[1],2]")]
    [InlineData("{}")]
    [InlineData("null")]
    public void Anything_else_is_refused(string input) => ParamsOf($$"""{"model":"m","input":{{input}}}""").ShouldBe(["input"]);

    [Fact]
    public void No_input_at_all_is_refused() => ParamsOf("""{"model":"m"}""").ShouldBe(["input"]);

    [Fact]
    public void There_may_be_2048_inputs_and_no_more()
    {
        ParamsOf($$"""{"model":"m","input":[{{string.Join(',', Enumerable.Repeat("\"a\"", 2048))}}]}""").ShouldBeEmpty();
        ParamsOf($$"""{"model":"m","input":[{{string.Join(',', Enumerable.Repeat("\"a\"", 2049))}}]}""").ShouldBe(["input"]);
    }

    [Theory]
    [InlineData("""{"model":"","input":"a"}""", "model")]
    [InlineData("""{"input":"a"}""", "model")]
    [InlineData("""{"model":"m","input":"a","encoding_format":"int8"}""", "encoding_format")]
    [InlineData("""{"model":"m","input":"a","dimensions":0}""", "dimensions")]
    public void What_is_wrong_is_named(string body, string param) => ParamsOf(body).ShouldBe([param]);

    private List<string> ParamsOf(string body) =>
        [.. _services.GetRequiredService<IValidator<CreateEmbeddings>>().Validate(new CreateEmbeddings(Json.Read<EmbeddingRequest>(body))).Errors.Select(failure => failure.PropertyName)];
}
