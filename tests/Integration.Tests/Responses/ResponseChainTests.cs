namespace AiPlatform.Integration.Tests.Responses;

/// <summary><c>previous_response_id</c>: each response stores its own items, and reads those of all before it.</summary>
public sealed class ResponseChainTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task A_chain_carries_the_whole_context_in_order()
    {
        var one = await SayAsync("One");
        var two = await SayAsync("Two", one);
        var three = await SayAsync("Three", two);
        await SayAsync("Four", three);

        MessagesOf(VendorCalls[^1]).ShouldBe(
        [
            ("user", "One"), ("assistant", FakeText.For("One")), ("user", "Two"), ("assistant", FakeText.For("Two")),
            ("user", "Three"), ("assistant", FakeText.For("Three")), ("user", "Four"),
        ]);
    }

    [Fact]
    public async Task A_chain_can_fork()
    {
        var root = await SayAsync("Root");
        var left = await SayAsync("Left", root);
        var right = await SayAsync("Right", root);
        await SayAsync("Go on left", left);
        var sentLeft = MessagesOf(VendorCalls[^1]);
        await SayAsync("Go on right", right);
        var sentRight = MessagesOf(VendorCalls[^1]);

        sentLeft.Select(message => message.Text).ShouldBe(["Root", FakeText.For("Root"), "Left", FakeText.For("Left"), "Go on left"]);
        sentRight.Select(message => message.Text).ShouldBe(["Root", FakeText.For("Root"), "Right", FakeText.For("Right"), "Go on right"]);
    }

    [Fact]
    public async Task Instructions_are_not_inherited()
    {
        var first = IdOf(await CreateAsync(new { model = Model, input = "One", instructions = "Speak like a pirate." }));
        await SayAsync("Two", first);

        MessagesOf(VendorCalls[^1]).ShouldNotContain(message => message.Role == "system" || message.Text.Contains("pirate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Function_calls_and_their_outputs_stay_in_the_chain()
    {
        var tools = new[] { new { type = "function", name = "lookup" } };
        var first = await CreateAsync(new { model = Model, tools, input = "[[fake tool=lookup]]" });
        var call = first.GetProperty("output")[0].GetProperty("call_id").GetString();
        var second = await CreateAsync(new { model = Model, tools, previous_response_id = IdOf(first), input = new[] { new { type = "function_call_output", call_id = call, output = "42" } } });
        TextOf(second).ShouldContain("42");
        await SayAsync("Thanks", IdOf(second));

        var messages = VendorCalls[^1].Body.GetProperty("messages");
        messages.EnumerateArray().Select(message => message.GetProperty("role").GetString()).ShouldBe(["user", "assistant", "tool", "assistant", "user"]);
        messages[1].GetProperty("tool_calls")[0].GetProperty("id").GetString().ShouldBe(call);
        messages[2].GetProperty("tool_call_id").GetString().ShouldBe(call);
    }

    [Fact]
    public async Task A_deleted_ancestor_breaks_the_chain()
    {
        var one = await SayAsync("One");
        var two = await SayAsync("Two", one);
        var three = await SayAsync("Three", two);
        (await Api.DeleteAsync($"v1/responses/{one}", Ct)).Ok.GetProperty("deleted").GetBoolean().ShouldBeTrue();

        foreach (var predecessor in new[] { one, two, three })
        {
            var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Next", previous_response_id = predecessor }, Ct);
            reply.Status.ShouldBe(400);
            reply.Param.ShouldBe("previous_response_id");
            reply.Code.ShouldBe("previous_response_not_found");
        }
    }

    [Fact]
    public async Task A_predecessor_in_progress_is_refused()
    {
        using var gate = new FakeGate();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Next", previous_response_id = run.Id }, Ct);

        reply.Status.ShouldBe(400);
        reply.Param.ShouldBe("previous_response_id");
        gate.Open();
        await run.ReadUntilAsync("response.completed");
        // As soon as the end is shown, it can be built upon.
        await SayAsync("Next", run.Id);
    }

    [Fact]
    public async Task A_predecessor_that_was_not_stored_is_unknown()
    {
        var response = await CreateAsync(new { model = Model, input = "Hi", store = false });
        response.GetProperty("store").GetBoolean().ShouldBeFalse();
        TextOf(response).ShouldBe(FakeText.For("Hi"));

        (await Api.GetAsync($"v1/responses/{IdOf(response)}", Ct)).Status.ShouldBe(404);
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Next", previous_response_id = IdOf(response) }, Ct);
        reply.Status.ShouldBe(400);
        reply.Code.ShouldBe("previous_response_not_found");
        (await Platform.Database.ScalarAsync($"SELECT count(*) FROM chat.responses WHERE id = '{Guid.ParseExact(IdOf(response)[5..], "n")}'", Ct)).ShouldBe(0L);
    }

    [Theory]
    [InlineData("resp_0123456789abcdef0123456789abcdef")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_predecessor_that_never_was_is_a_400(string id)
    {
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Next", previous_response_id = id }, Ct);

        reply.Status.ShouldBe(400);
        reply.Param.ShouldBe("previous_response_id");
    }

    [Fact]
    public async Task An_incomplete_predecessor_can_be_built_upon()
    {
        var first = await CreateAsync(new { model = Model, input = "[[fake tokens=60]]", max_output_tokens = 16 });
        StatusOf(first).ShouldBe("incomplete");
        await SayAsync("Next", IdOf(first));

        MessagesOf(VendorCalls[^1])[1].ShouldBe(("assistant", TextOf(first)));
    }

    [Fact]
    public async Task Items_of_a_deleted_response_are_gone_with_it()
    {
        var before = (long)(await Platform.Database.ScalarAsync("SELECT count(*) FROM chat.items", Ct))!;
        var id = await SayAsync("Hi");
        ((long)(await Platform.Database.ScalarAsync("SELECT count(*) FROM chat.items", Ct))!).ShouldBe(before + 2);
        (await Api.DeleteAsync($"v1/responses/{id}", Ct)).Ok.GetProperty("id").GetString().ShouldBe(id);

        ((long)(await Platform.Database.ScalarAsync("SELECT count(*) FROM chat.items", Ct))!).ShouldBe(before);
        (await Api.DeleteAsync($"v1/responses/{id}", Ct)).Status.ShouldBe(404);
    }

    private async Task<string> SayAsync(string input, string? previous = null)
    {
        var response = await CreateAsync(new { model = Model, input, previous_response_id = previous });
        StatusOf(response).ShouldBe("completed");
        return IdOf(response);
    }
}
