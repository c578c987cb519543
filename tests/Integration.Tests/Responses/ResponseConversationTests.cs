using AiPlatform.Integration.Tests.Knowledge.Search;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>Responses that read from and add to a conversation.</summary>
public sealed class ResponseConversationTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task Input_and_output_are_added_in_order_and_read_by_the_next_response()
    {
        var conversation = await ConversationAsync(new { items = new[] { new { type = "message", role = "user", content = "Earlier" } } });
        await SayAsync(conversation, "One");
        await SayAsync(conversation, "Two");

        MessagesOf(VendorCalls[^1]).ShouldBe([("user", "Earlier"), ("user", "One"), ("assistant", FakeText.For("One")), ("user", "Two")]);
        (await ItemsAsync(conversation)).Select(TextOf).ShouldBe(["Earlier", "One", FakeText.For("One"), "Two", FakeText.For("Two")]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_conversation_is_named_by_its_id_or_by_an_object(bool asObject)
    {
        var conversation = await ConversationAsync();
        var response = await CreateAsync(new { model = Model, input = "Hi", conversation = asObject ? (object)new { id = conversation } : conversation });

        IdOf(response.GetProperty("conversation")).ShouldBe(conversation);
        (await ItemsAsync(conversation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_conversation_takes_one_response_at_a_time()
    {
        using var gate = new FakeGate();
        var conversation = await ConversationAsync();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true, conversation });

        foreach (var stream in new[] { true, false })
        {
            var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Me too", conversation, stream }, Ct);
            reply.Status.ShouldBe(409);
            reply.Code.ShouldBe("conversation_locked");
            reply.Param.ShouldBe("conversation");
            int.Parse(reply.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        }

        gate.Open();
        await run.ReadUntilAsync("response.completed");
        await SayAsync(conversation, "Now");
        // The refused ones left no trace.
        (await ItemsAsync(conversation)).Select(TextOf).ShouldBe(["Hi", "one two three", "Now", FakeText.For("Now")]);
    }

    [Fact]
    public async Task A_turn_whose_documents_are_not_there_any_more_is_refused_and_leaves_nothing()
    {
        var store = await Api.CreateStoreAsync(Ct);
        var file = await Api.AddAsync(store, "fees.txt", "Guests pay 12 euros a year.", Ct);
        var theirs = await (await Platform.CreateTenantAsync(Ct)).Api.CreateStoreAsync(Ct);
        var conversation = await ConversationAsync();
        (await TurnAsync(store)).Ok.GetProperty("output").GetRawText().ShouldContain("file_citation");
        _ = (await Api.DeleteAsync($"v1/files/{file}", Ct)).Ok;
        (await TurnAsync(store)).Ok.GetProperty("output").GetRawText().ShouldNotContain("file_citation");
        var before = await ItemsAsync(conversation);
        before[2].GetProperty("content")[0].GetProperty("annotations")[0].GetProperty("file_id").GetString().ShouldBe(file, "what was cited stays so");

        await ShouldBeRefusedAsync(theirs, 404, "not_found");
        await Platform.Database.ScalarAsync($"UPDATE knowledge.vector_stores SET expires_after_days = 1, last_active_at = now() - interval '25 hours' WHERE id = '{store[3..]}'", Ct);
        await ShouldBeRefusedAsync(store, 409, "vector_store_expired");
        _ = (await Api.DeleteAsync($"v1/vector_stores/{store}", Ct)).Ok;
        await ShouldBeRefusedAsync(store, 404, "not_found");
        (await ItemsAsync(conversation)).Select(IdOf).ShouldBe(before.Select(IdOf));
        await SayAsync(conversation, "Without documents");

        async Task ShouldBeRefusedAsync(string asked, int status, string code)
        {
            foreach (var background in new[] { false, true })
            {
                var reply = await TurnAsync(asked, background);
                (reply.Status, reply.Code, reply.Param).ShouldBe((status, code, "tools[0].vector_store_ids"));
            }
        }

        Task<Reply> TurnAsync(string asked, bool background = false) => Api.PostAsync(
            "v1/responses", new { model = "offline", input = "What do guests pay a year?", conversation, background, tools = new[] { new { type = "file_search", vector_store_ids = new[] { asked } } } }, Ct);
    }

    [Fact]
    public async Task Of_many_creates_at_once_one_wins_and_nothing_is_mixed_up()
    {
        using var gate = new FakeGate();
        var conversation = await ConversationAsync();
        Vendor.Enqueue(FakeScript.Say("only me") with { Gate = gate });
        var asking = Enumerable.Range(0, 8).Select(n => Api.PostAsync("v1/responses", new { model = Model, input = $"Number {n}", conversation }, Ct)).ToList();
        var refused = new List<Reply>();
        while (asking.Count > 1)
        {
            var done = await Task.WhenAny(asking);
            asking.Remove(done);
            refused.Add(await done);
        }

        gate.Open();
        (await asking[0]).Ok.GetProperty("status").GetString().ShouldBe("completed");
        refused.ShouldAllBe(reply => reply.Status == 409);
        (await ItemsAsync(conversation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_response_that_is_not_stored_still_adds_its_items()
    {
        var conversation = await ConversationAsync();
        var response = await CreateAsync(new { model = Model, input = "Hi", store = false, conversation });

        (await Api.GetAsync($"v1/responses/{IdOf(response)}", Ct)).Status.ShouldBe(404);
        (await ItemsAsync(conversation)).Select(TextOf).ShouldBe(["Hi", FakeText.For("Hi")]);
    }

    [Fact]
    public async Task A_failed_response_leaves_only_its_input()
    {
        var conversation = await ConversationAsync();
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "[[fake tokens=20 status=500]]", conversation }, Ct);

        reply.Status.ShouldBe(502);
        (await ItemsAsync(conversation)).ShouldHaveSingleItem().GetProperty("role").GetString().ShouldBe("user");
        await SayAsync(conversation, "Again");
    }

    [Fact]
    public async Task What_an_incomplete_response_said_is_kept_and_marked()
    {
        var conversation = await ConversationAsync();
        await CreateAsync(new { model = Model, input = "[[fake tokens=60]]", max_output_tokens = 16, conversation });

        var items = await ItemsAsync(conversation);
        items.Count.ShouldBe(2);
        StatusOf(items[1]).ShouldBe("incomplete");
        FakeText.For("[[fake tokens=60]]").ShouldStartWith(TextOf(items[1]));
    }

    [Fact]
    public async Task What_a_cancelled_response_said_is_kept_and_marked_and_the_conversation_is_free()
    {
        using var gate = new FakeGate();
        var conversation = await ConversationAsync();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true, conversation });
        gate.Release();
        await run.ReadUntilAsync("response.output_text.delta");
        StatusOf((await Api.PostAsync($"v1/responses/{run.Id}/cancel", null, Ct)).Ok).ShouldBe("cancelled");

        var items = await ItemsAsync(conversation);
        items.Select(TextOf).ShouldBe(["Hi", "one"]);
        StatusOf(items[1]).ShouldBe("incomplete");
        await SayAsync(conversation, "Next");
        MessagesOf(VendorCalls[^1]).Select(message => message.Text).ShouldBe(["Hi", "one", "Next"]);
    }

    [Fact]
    public async Task Deleting_a_conversation_stops_its_response()
    {
        using var gate = new FakeGate();
        var conversation = await ConversationAsync();
        await using var run = await StartAsync(gate, new { model = Model, input = "Hi", stream = true, conversation });
        (await Api.DeleteAsync($"v1/conversations/{conversation}", Ct)).Ok.GetProperty("deleted").GetBoolean().ShouldBeTrue();

        (await run.ReadToEndAsync())[^1].Json.GetProperty("response").GetProperty("status").GetString().ShouldBe("cancelled");
        await Vendor.WaitForAsync(request => request.Method == "POST" && request.Outcome == RequestOutcome.ClientAborted, Ct);
        StatusOf(await GetAsync($"v1/responses/{run.Id}")).ShouldBe("cancelled");
    }

    [Fact]
    public async Task A_conversation_and_a_predecessor_cannot_be_combined()
    {
        var conversation = await ConversationAsync();
        var first = await CreateAsync(new { model = Model, input = "Hi" });
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Hi", conversation, previous_response_id = IdOf(first) }, Ct);

        reply.Status.ShouldBe(400);
        reply.Code.ShouldBe("mutually_exclusive_parameters");
        reply.Param.ShouldBe("previous_response_id");
    }

    [Fact]
    public async Task A_conversation_that_is_not_there_is_a_404()
    {
        var reply = await Api.PostAsync("v1/responses", new { model = Model, input = "Hi", conversation = "conv_0123456789abcdef0123456789abcdef" }, Ct);

        reply.Status.ShouldBe(404);
        reply.Param.ShouldBe("conversation");
    }

    [Fact]
    public async Task A_response_in_a_conversation_needs_no_new_input()
    {
        var conversation = await ConversationAsync(new { items = new[] { new { type = "message", role = "user", content = "Answer this" } } });
        var response = await CreateAsync(new { model = Model, conversation });

        TextOf(response).ShouldBe(FakeText.For("Answer this"));
    }

    [Fact]
    public async Task The_list_of_conversations_has_the_latest_first_named_by_their_first_words()
    {
        var older = await ConversationAsync();
        await SayAsync(older, "Older words");
        var newer = await ConversationAsync();
        await SayAsync(newer, "Newer words");
        await SayAsync(older, "And again");

        var data = (await GetAsync("api/conversations?limit=2")).GetProperty("data");
        data.EnumerateArray().Select(IdOf).ShouldBe([older, newer]);
        data[0].GetProperty("title").GetString().ShouldBe("Older words");
        var page = await GetAsync($"api/conversations?limit=1&after={older}");
        IdOf(page.GetProperty("data")[0]).ShouldBe(newer);
        (await GetAsync("api/conversations?query=newer%20w")).GetProperty("data").EnumerateArray().Select(IdOf).ShouldBe([newer]);

        var renamed = await Api.SendAsync(HttpMethod.Patch, $"api/conversations/{newer}", new { title = "A better name" }, Ct);
        renamed.Ok.GetProperty("title").GetString().ShouldBe("A better name");
    }

    [Fact]
    public async Task A_conversation_tells_how_its_latest_response_went_and_which_tools_it_had()
    {
        var conversation = await ConversationAsync();
        await CreateAsync(new { model = Model, input = "One", conversation, tools = new[] { new { type = "function", name = "look" } } });
        var latest = (await GetAsync($"api/conversations/{conversation}")).GetProperty("latest_response");
        latest.GetProperty("status").GetString().ShouldBe("completed");
        latest.GetProperty("tools")[0].GetProperty("name").GetString().ShouldBe("look");

        await SayAsync(conversation, "Two");
        (await GetAsync($"api/conversations/{conversation}")).GetProperty("latest_response").GetProperty("tools").GetArrayLength().ShouldBe(0);
    }

    private async Task SayAsync(string conversation, string input) => StatusOf(await CreateAsync(new { model = Model, input, conversation })).ShouldBe("completed");
}
