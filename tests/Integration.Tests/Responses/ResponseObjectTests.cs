using System.Text.Json;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>The response object: what it takes, what it echoes, what it refuses.</summary>
public sealed class ResponseObjectTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task It_has_all_the_fields_that_the_spec_demands()
    {
        var response = await CreateAsync(new { model = Model, input = "Hi" });

        string[] required = ["id", "object", "created_at", "error", "incomplete_details", "instructions", "model", "tools", "output", "parallel_tool_calls", "metadata", "tool_choice", "temperature", "top_p"];
        foreach (var name in required) response.TryGetProperty(name, out _).ShouldBeTrue(name);
        response.GetProperty("object").GetString().ShouldBe("response");
        IdOf(response).ShouldMatch("^resp_[0-9a-f]{32}$");
        response.GetProperty("completed_at").GetInt64().ShouldBeGreaterThanOrEqualTo(response.GetProperty("created_at").GetInt64());
        response.GetProperty("usage").GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(0);
        response.GetProperty("usage").TryGetProperty("estimated", out _).ShouldBeFalse();
        var message = response.GetProperty("output")[0];
        message.GetProperty("content")[0].GetProperty("annotations").GetArrayLength().ShouldBe(0);
        IdOf(message).ShouldMatch("^msg_[0-9a-f]{32}$");
    }

    [Fact]
    public async Task It_is_in_progress_while_it_runs()
    {
        using var gate = new FakeGate();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true });
        var now = await GetAsync($"v1/responses/{run.Id}");

        StatusOf(now).ShouldBe("in_progress");
        now.GetProperty("completed_at").ValueKind.ShouldBe(JsonValueKind.Null);
        now.TryGetProperty("usage", out _).ShouldBeFalse();
        gate.Open();
        await run.ReadUntilAsync("response.completed");
        StatusOf(await GetAsync($"v1/responses/{run.Id}")).ShouldBe("completed");
    }

    [Theory]
    [InlineData("fake-chat")]
    [InlineData("fake-claude")]
    public async Task Usage_is_estimated_where_the_vendor_tells_none(string model)
    {
        var response = await CreateAsync(new { model, input = "[[fake tokens=20 no-usage]]" });

        var usage = response.GetProperty("usage");
        usage.GetProperty("estimated").GetBoolean().ShouldBeTrue();
        usage.GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(0);
        usage.GetProperty("output_tokens").GetInt32().ShouldBeGreaterThan(0);
        usage.GetProperty("total_tokens").GetInt32().ShouldBe(usage.GetProperty("input_tokens").GetInt32() + usage.GetProperty("output_tokens").GetInt32());
    }

    [Theory]
    [InlineData("\"prompt\":{\"id\":\"pmpt_1\"}", "prompt", "unsupported_parameter")]
    [InlineData("\"background\":true,\"store\":false", "background", "invalid_value")]
    [InlineData("\"on_disconnect\":\"stop\"", "on_disconnect", "invalid_value")]
    [InlineData("\"context_management\":[{\"type\":\"compaction\"}]", "context_management", "unsupported_parameter")]
    [InlineData("\"moderation\":{\"model\":\"x\"}", "moderation", "unsupported_parameter")]
    [InlineData("\"tools\":[{\"type\":\"web_search\"}]", "tools[0]", "unsupported_value")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"a\"},{\"type\":\"function\"}]", "tools[1]", "unsupported_value")]
    [InlineData("\"tools\":[null]", "tools[0]", "unsupported_value")]
    [InlineData("\"tool_choice\":\"maybe\"", "tool_choice", "invalid_value")]
    [InlineData("\"tool_choice\":7", "tool_choice", "invalid_value")]
    [InlineData("\"max_output_tokens\":1", "max_output_tokens", "invalid_value")]
    [InlineData("\"temperature\":3", "temperature", "invalid_value")]
    [InlineData("\"top_p\":2", "top_p", "invalid_value")]
    [InlineData("\"top_logprobs\":21", "top_logprobs", "invalid_value")]
    [InlineData("\"truncation\":\"sometimes\"", "truncation", "invalid_value")]
    [InlineData("\"include\":[\"everything\"]", "include[0]", "invalid_value")]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_schema\"}}", "text.format", "invalid_value")]
    [InlineData("\"conversation\":7", "conversation", "invalid_value")]
    [InlineData("\"conversation\":{}", "conversation", "invalid_value")]
    [InlineData("\"metadata\":{\"k\":\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\"}", "metadata", "invalid_value")]
    [InlineData("\"temperature\":\"hot\"", "temperature", "invalid_type")]
    [InlineData("\"metadata\":{\"k\":7}", "metadata.k", "invalid_type")]
    [InlineData("\"store\":\"yes\"", "store", "invalid_type")]
    public async Task What_it_does_not_take_is_refused_by_name(string member, string param, string code)
    {
        var reply = await Api.PostAsync("v1/responses", $$"""{"model":"fake-chat","input":"Hi",{{member}}}""", Ct);

        reply.Status.ShouldBe(400, reply.Text);
        reply.Param.ShouldBe(param);
        reply.Code.ShouldBe(code);
        VendorCalls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"model":"fake-chat"}""", "input")]
    [InlineData("""{"model":"fake-chat","input":null}""", "input")]
    [InlineData("""{"model":"fake-chat","input":[]}""", "input")]
    [InlineData("""{"model":"fake-chat","input":7}""", "input")]
    [InlineData("""{"input":"Hi"}""", "model")]
    [InlineData("""{"model":"fake-chat","input":["Hi"]}""", "input[0]")]
    [InlineData("""{"model":"fake-chat","input":[{}]}""", "input[0].type")]
    [InlineData("""{"model":"fake-chat","input":[{"role":"user","content":"a"},{"role":"robot","content":"b"}]}""", "input[1].role")]
    [InlineData("""{"model":"fake-chat","input":[{"role":"user"}]}""", "input[0].content")]
    [InlineData("""{"model":"fake-chat","input":[{"role":"user","content":[{"type":"input_text"}]}]}""", "input[0].content[0].text")]
    [InlineData("""{"model":"fake-chat","input":[{"role":"user","content":[{"type":"input_image","file_id":"file-1"}]}]}""", "input[0].content[0].file_id")]
    [InlineData("""{"model":"fake-chat","input":[{"role":"user","content":[{"type":"hologram"}]}]}""", "input[0].content[0].type")]
    [InlineData("""{"model":"fake-chat","input":[{"type":"web_search_call","id":"ws_1"}]}""", "input[0].type")]
    [InlineData("""{"model":"fake-chat","input":[{"type":"function_call","name":"f","arguments":"{}"}]}""", "input[0].call_id")]
    [InlineData("""{"model":"fake-chat","input":[{"type":"function_call_output","call_id":"c"}]}""", "input[0].output")]
    public async Task Bad_input_is_a_400_that_says_where(string body, string param)
    {
        var reply = await Api.PostAsync("v1/responses", body, Ct);

        reply.Status.ShouldBe(400, reply.Text);
        reply.Param.ShouldBe(param);
        VendorCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Input_items_are_shown_in_the_one_form_of_the_spec()
    {
        var response = await CreateAsync(new
        {
            model = Model,
            input = new object[]
            {
                new { role = "developer", content = "Be brief." },
                new { role = "user", content = new object[] { new { type = "input_text", text = "What is it?" }, new { type = "input_image", image_url = "data:image/png;base64,AAAA" } } },
                new { role = "assistant", content = "A picture." },
                new { type = "function_call", call_id = "c1", name = "f", arguments = "{}" },
                new { type = "function_call_output", call_id = "c1", output = "done" },
                new { role = "user", content = "Go on" },
            },
        });
        var items = (await GetAsync($"v1/responses/{IdOf(response)}/input_items?order=asc")).GetProperty("data").EnumerateArray().ToList();

        items.Select(item => item.GetProperty("type").GetString()).ShouldBe(["message", "message", "message", "function_call", "function_call_output", "message"]);
        items.ShouldAllBe(item => StatusOf(item) == "completed");
        items.Select(IdOf).Distinct().Count().ShouldBe(6);
        items[1].GetProperty("content")[1].GetProperty("detail").GetString().ShouldBe("auto");
        items[2].GetProperty("content")[0].GetProperty("type").GetString().ShouldBe("output_text");

        var sent = VendorCalls.ShouldHaveSingleItem().Body.GetProperty("messages");
        sent.EnumerateArray().Select(message => message.GetProperty("role").GetString()).ShouldBe(["developer", "user", "assistant", "tool", "user"]);
        sent[1].GetProperty("content")[1].GetProperty("image_url").GetProperty("url").GetString().ShouldBe("data:image/png;base64,AAAA");
        sent[2].GetProperty("tool_calls")[0].GetProperty("id").GetString().ShouldBe("c1");
    }

    [Fact]
    public async Task Input_items_are_paged_in_both_orders()
    {
        var response = await CreateAsync(new { model = Model, input = Enumerable.Range(1, 5).Select(n => new { role = "user", content = $"{n}" }) });
        var path = $"v1/responses/{IdOf(response)}/input_items";

        var newest = await GetAsync($"{path}?limit=2");
        newest.GetProperty("data").EnumerateArray().Select(TextOf).ShouldBe(["5", "4"]);
        newest.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        newest.GetProperty("first_id").GetString().ShouldBe(IdOf(newest.GetProperty("data")[0]));
        var next = await GetAsync($"{path}?limit=2&after={newest.GetProperty("last_id").GetString()}");
        next.GetProperty("data").EnumerateArray().Select(TextOf).ShouldBe(["3", "2"]);
        var last = await GetAsync($"{path}?limit=2&after={next.GetProperty("last_id").GetString()}");
        last.GetProperty("data").EnumerateArray().Select(TextOf).ShouldBe(["1"]);
        last.GetProperty("has_more").GetBoolean().ShouldBeFalse();

        foreach (var (query, param) in new[] { ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("order=up", "order"), ("after=msg_0", "after") })
        {
            var reply = await Api.GetAsync($"{path}?{query}", Ct);
            reply.Status.ShouldBe(400, query);
            reply.Param.ShouldBe(param);
        }
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("a\\u0000b")]
    [InlineData("\\ud83d\\ude80 \\u2028 \\u0007")]
    public async Task Any_text_survives_storage(string escaped)
    {
        var text = JsonDocument.Parse($"\"{escaped}\"").RootElement.GetString()!;
        var conversation = await ConversationAsync();
        var body = $$$"""{"model":"fake-chat","input":"{{{escaped}}}","instructions":"{{{escaped}}}","metadata":{"k":"{{{escaped}}}"},"conversation":"{{{conversation}}}"}""";
        var response = (await Api.PostAsync("v1/responses", body, Ct)).Ok;

        TextOf(response).ShouldContain(text);
        response.GetProperty("instructions").GetString().ShouldBe(text);
        var stored = await GetAsync($"v1/responses/{IdOf(response)}");
        TextOf(stored).ShouldContain(text);
        stored.GetProperty("metadata").GetProperty("k").GetString().ShouldBe(text);
        TextOf((await ItemsAsync(conversation))[0]).ShouldBe(text);
        (await Api.GetAsync("api/conversations", Ct)).Status.ShouldBe(200);
        // And it goes back to the model as it was.
        await CreateAsync(new { model = Model, input = "Next", conversation });
        MessagesOf(VendorCalls[^1])[0].Text.ShouldBe(text);
    }

    [Fact]
    public async Task A_nul_character_in_the_answer_survives_storage()
    {
        var response = await CreateAsync(new { model = Model, input = "[[fake tokens=4 nul]]" });

        TextOf(await GetAsync($"v1/responses/{IdOf(response)}")).ShouldBe(FakeText.For("[[fake tokens=4 nul]]"));
    }

    [Theory]
    [InlineData("""{"model":"fake-chat","input":"\ud800"}""")]
    [InlineData("""{"model":"fake-chat","input":[{"role":"user","content":"\udfff x"}]}""")]
    [InlineData("""{"model":"\ud800","input":"x"}""")]
    [InlineData("""{"model":"fake-chat","input":"x","metadata":{"\ud800":"x"}}""")]
    [InlineData("""{"model":"fake-chat","input":"x","tools":[{"type":"function","name":"\ud800"}]}""")]
    [InlineData("""{"model":"fake-chat","input":"x","conversation":"\ud800"}""")]
    public async Task Text_that_is_no_unicode_is_the_callers_mistake(string body)
    {
        var reply = await Api.PostAsync("v1/responses", body, Ct);

        reply.Status.ShouldBe(400, reply.Text);
    }

    [Fact]
    public async Task Input_tokens_are_counted_without_asking_the_model()
    {
        var few = (await Api.PostAsync("v1/responses/input_tokens", new { model = Model, input = "Hi" }, Ct)).Ok;
        var many = (await Api.PostAsync("v1/responses/input_tokens", new { model = Model, input = string.Concat(Enumerable.Repeat("many words ", 100)) }, Ct)).Ok;

        few.GetProperty("object").GetString().ShouldBe("response.input_tokens");
        few.GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(0);
        many.GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(few.GetProperty("input_tokens").GetInt32() + 150);
        VendorCalls.ShouldBeEmpty();
    }
}
