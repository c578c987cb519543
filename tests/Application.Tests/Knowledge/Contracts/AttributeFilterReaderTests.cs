using System.Text.Json;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Tests.Knowledge.Contracts;

public sealed class AttributeFilterReaderTests
{
    [Theory]
    [InlineData("eq", AttributeOperator.Equal)]
    [InlineData("ne", AttributeOperator.NotEqual)]
    [InlineData("gt", AttributeOperator.Greater)]
    [InlineData("gte", AttributeOperator.GreaterOrEqual)]
    [InlineData("lt", AttributeOperator.Less)]
    [InlineData("lte", AttributeOperator.LessOrEqual)]
    public void A_comparison_has_one_value(string type, AttributeOperator expected)
    {
        var filter = Read($$"""{"type":"{{type}}","key":"year","value":2024}""").ShouldBeOfType<AttributeFilter.Comparison>();

        (filter.Operator, filter.Key).ShouldBe((expected, "year"));
        filter.Values.ShouldHaveSingleItem().GetInt32().ShouldBe(2024);
    }

    [Theory]
    [InlineData("in", AttributeOperator.In)]
    [InlineData("nin", AttributeOperator.NotIn)]
    public void In_and_nin_have_several(string type, AttributeOperator expected)
    {
        var filter = Read($$"""{"type":"{{type}}","key":"region","value":["eu","us"]}""").ShouldBeOfType<AttributeFilter.Comparison>();

        filter.Operator.ShouldBe(expected);
        filter.Values.Select(value => value.GetString()).ShouldBe(["eu", "us"]);
    }

    [Fact]
    public void And_and_or_nest()
    {
        var all = Read("""{"type":"and","filters":[{"type":"eq","key":"a","value":true},{"type":"or","filters":[{"type":"eq","key":"b","value":"x"}]}]}""").ShouldBeOfType<AttributeFilter.All>();

        all.Filters[0].ShouldBeOfType<AttributeFilter.Comparison>().Key.ShouldBe("a");
        all.Filters[1].ShouldBeOfType<AttributeFilter.Any>().Filters.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    public void None_is_none(string json) => AttributeFilterReader.Read(json.Length == 0 ? null : JsonElement.Parse(json), "filters").ShouldBeNull();

    [Theory]
    [InlineData("[]", "filters")]
    [InlineData("{}", "filters.type")]
    [InlineData("""{"type":"like","key":"a","value":1}""", "filters.type")]
    [InlineData("""{"type":"eq","value":1}""", "filters.key")]
    [InlineData("""{"type":"eq","key":"","value":1}""", "filters.key")]
    [InlineData("""{"type":"eq","key":"a"}""", "filters.value")]
    [InlineData("""{"type":"eq","key":"a","value":null}""", "filters.value")]
    [InlineData("""{"type":"eq","key":"a","value":[1]}""", "filters.value")]
    [InlineData("""{"type":"gt","key":"a","value":true}""", "filters.value")]
    [InlineData("""{"type":"in","key":"a","value":"x"}""", "filters.value")]
    [InlineData("""{"type":"in","key":"a","value":[{}]}""", "filters.value")]
    [InlineData("""{"type":"and","filters":[]}""", "filters.filters")]
    [InlineData("""{"type":"or","filters":[{"type":"eq","key":"a","value":1},{"type":"nope"}]}""", "filters.filters[1].type")]
    public void What_cannot_be_used_is_named(string json, string param) => Should.Throw<InvalidRequest>(() => Read(json)).Param.ShouldBe(param);

    [Fact]
    public void A_filter_that_is_too_deep_or_too_wide_is_refused()
    {
        var deep = """{"type":"eq","key":"a","value":1}""";
        for (var i = 0; i < 20; i++) deep = $$"""{"type":"and","filters":[{{deep}}]}""";
        Should.Throw<InvalidRequest>(() => Read(deep));

        var wide = string.Join(',', Enumerable.Repeat("""{"type":"eq","key":"a","value":1}""", 101));
        Should.Throw<InvalidRequest>(() => Read($$"""{"type":"or","filters":[{{wide}}]}"""));
    }

    private static AttributeFilter? Read(string json) => AttributeFilterReader.Read(JsonElement.Parse(json), "filters");
}
