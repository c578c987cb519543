namespace AiPlatform.Application.Tests.Inference.Anthropic;

public sealed class ThinkingMappingTests
{
    [Theory]
    [InlineData("low", null, 2048, 10240)]
    [InlineData("medium", null, 8192, 16384)]
    [InlineData("high", null, 16384, 24576)]
    [InlineData("high", 8000, 4000, 8000)]
    [InlineData("low", 64000, 2048, 64000)]
    public void Effort_becomes_a_budget_within_the_limit(string effort, int? limit, int budget, int maxTokens)
    {
        var body = Calls.With($"\"reasoning_effort\":\"{effort}\"", maxOutput: limit);

        body.GetProperty("thinking").ShouldBe($$"""{"type":"enabled","budget_tokens":{{budget}}}""");
        body.GetProperty("max_tokens").GetInt32().ShouldBe(maxTokens);
    }

    [Theory]
    [InlineData("\"reasoning_effort\":\"none\"")]
    [InlineData("\"reasoning_effort\":\"minimal\"")]
    [InlineData("\"reasoning_effort\":\"high\",\"max_tokens\":2000")]
    [InlineData("\"reasoning_effort\":\"high\",\"tool_choice\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]")]
    public void There_is_no_thinking_where_it_is_unwanted_or_impossible(string more) => Calls.With(more).Field("thinking").ShouldBeNull();

    [Theory]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","content":"Once"}]""")]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c","content":"y"}]""")]
    public void A_budget_is_not_given_where_the_vendor_would_want_signed_thinking_first(string messages)
    {
        var request = $$"""{"model":"ours","reasoning_effort":"high","messages":{{messages}}}""";

        Calls.Mapped(request).Field("thinking").ShouldBeNull();
        Calls.Mapped(request, "claude-opus-4-6").Field("thinking").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("claude-opus-4-6", "xhigh", "high")]
    [InlineData("claude-opus-4-7", "xhigh", "xhigh")]
    [InlineData("claude-sonnet-5", "low", "low")]
    public void Newer_models_are_told_an_effort_and_think_as_they_see_fit(string model, string effort, string expected)
    {
        var body = Calls.With($"\"reasoning_effort\":\"{effort}\"", model);

        body.GetProperty("thinking").ShouldBe("""{"type":"adaptive","display":"summarized"}""");
        body.GetProperty("output_config").ShouldBe($$"""{"effort":"{{expected}}"}""");
        body.GetProperty("max_tokens").GetInt32().ShouldBe(8192);
    }

    [Fact]
    public void A_model_that_thinks_unasked_is_told_to_do_so_least()
    {
        var body = Calls.With("\"reasoning_effort\":\"none\"", "claude-opus-5-5");

        body.Field("thinking").ShouldBeNull();
        body.GetProperty("output_config").ShouldBe("""{"effort":"low"}""");
        Calls.With("\"reasoning_effort\":\"none\"", "claude-opus-4-7").Field("output_config").ShouldBeNull();
    }

    [Theory]
    [InlineData("claude-3-5-haiku-20241022", "none")]
    [InlineData("claude-3-7-sonnet-20250219", "enabled")]
    [InlineData("claude-sonnet-4-20250514", "enabled")]
    [InlineData("claude-haiku-4-5", "enabled")]
    [InlineData("us.anthropic.claude-opus-4-6-v1", "adaptive")]
    [InlineData("anthropic/claude-opus-4.7", "adaptive")]
    [InlineData("claude-fable-5", "adaptive")]
    [InlineData("my-alias", "enabled")]
    public void The_generation_is_told_by_the_name(string model, string thinking) =>
        (Calls.With("\"reasoning_effort\":\"medium\"", model).Field("thinking")?.GetProperty("type").GetString() ?? "none").ShouldBe(thinking);
}
