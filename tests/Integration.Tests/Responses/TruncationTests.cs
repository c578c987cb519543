namespace AiPlatform.Integration.Tests.Responses;

/// <summary>A model whose context window is known, and small.</summary>
public sealed class TruncationTests(TruncationTests.SmallWindow platform) : ResponseTest(platform), IClassFixture<TruncationTests.SmallWindow>
{
    private const string Small = "small-model";
    private static readonly string Long = string.Concat(Enumerable.Repeat("word ", 100));

    [Fact]
    public async Task Too_much_input_is_a_400_unless_truncation_is_auto()
    {
        foreach (var truncation in new[] { null, "disabled" })
        {
            var reply = await Api.PostAsync("v1/responses", new { model = Small, input = TurnsOf(6), truncation }, Ct);
            reply.Status.ShouldBe(400);
            reply.Code.ShouldBe("context_length_exceeded");
            reply.Param.ShouldBe("input");
        }

        VendorCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Auto_drops_the_oldest_turns_and_says_how_many()
    {
        var response = await CreateAsync(new { model = Small, input = TurnsOf(6), truncation = "auto", instructions = "Stay." });

        var dropped = response.GetProperty("truncated_turns").GetInt32();
        dropped.ShouldBeGreaterThan(0);
        var messages = MessagesOf(VendorCalls.ShouldHaveSingleItem());
        messages[0].ShouldBe(("system", "Stay."));
        // Whole turns: what is left begins with a question, and its last is still there.
        messages[1].Role.ShouldBe("user");
        messages.Count.ShouldBe(1 + ((6 - dropped) * 2) - 1);
        messages[^1].Text.ShouldStartWith("6:");
        messages[1].Text.ShouldStartWith($"{dropped + 1}:");
    }

    [Fact]
    public async Task A_tool_call_and_its_output_are_never_parted()
    {
        var input = new object[]
        {
            new { role = "user", content = "1: " + Long },
            new { type = "function_call", call_id = "c1", name = "f", arguments = "{}" },
            new { type = "function_call_output", call_id = "c1", output = Long + Long + Long + Long },
            new { role = "assistant", content = Long },
            new { role = "user", content = "2: " + Long },
            new { type = "function_call", call_id = "c2", name = "f", arguments = "{}" },
            new { type = "function_call_output", call_id = "c2", output = "short" },
            new { role = "user", content = "3: end" },
        };
        await CreateAsync(new { model = Small, input, truncation = "auto" });

        // The vendor itself refuses a result without its call.
        var roles = MessagesOf(VendorCalls.ShouldHaveSingleItem()).Select(message => message.Role).ToList();
        roles.ShouldBe(["user", "assistant", "tool", "user"]);
    }

    [Fact]
    public async Task A_last_turn_that_is_too_long_by_itself_is_a_400_even_with_auto()
    {
        var reply = await Api.PostAsync("v1/responses", new { model = Small, input = string.Concat(Enumerable.Repeat(Long, 10)), truncation = "auto" }, Ct);

        reply.Status.ShouldBe(400);
        reply.Code.ShouldBe("context_length_exceeded");
    }

    [Fact]
    public async Task The_room_for_the_answer_counts()
    {
        var body = new { model = Small, input = TurnsOf(2), max_output_tokens = 16 };
        (await Api.PostAsync("v1/responses", body, Ct)).Status.ShouldBe(200);
        (await Api.PostAsync("v1/responses", body with { max_output_tokens = 900 }, Ct)).Code.ShouldBe("context_length_exceeded");
    }

    [Fact]
    public async Task A_model_of_unknown_window_is_left_to_its_vendor()
    {
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "[[fake window=5]] " + Long, truncation = "auto" }, Ct);

        reply.Status.ShouldBe(400);
        reply.Code.ShouldBe("context_length_exceeded");
        VendorCalls.Count.ShouldBe(1);
    }

    private static object[] TurnsOf(int count) => [.. Enumerable.Range(1, count).SelectMany(n => n == count
        ? new object[] { new { role = "user", content = $"{n}: {Long}" } }
        : [new { role = "user", content = $"{n}: {Long}" }, new { role = "assistant", content = Long }])];

    public sealed class SmallWindow : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Inference:Providers:openai:Models:small-model:UpstreamName"] = "fake-chat";
            settings["Inference:Providers:openai:Models:small-model:ContextWindow"] = "1000";
        }
    }
}
