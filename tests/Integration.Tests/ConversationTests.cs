using System.Text.Json;
using AiPlatform.Integration.Tests.Responses;
using OpenAI.Conversations;

namespace AiPlatform.Integration.Tests;

public sealed class ConversationTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task The_sdk_creates_reads_updates_and_deletes_a_conversation()
    {
        var client = Platform.Sdk().GetConversationClient();
        ConversationResource created = await client.CreateConversationAsync(new ConversationCreationOptions { Metadata = { ["topic"] = "demo" } }, Ct);
        created.Metadata["topic"].ShouldBe("demo");

        ConversationResource read = await client.GetConversationAsync(created.Id, Ct);
        read.CreatedAt.ShouldBe(created.CreatedAt);

        var update = await Api.PostAsync($"v1/conversations/{created.Id}", new { metadata = new { other = "x" } }, Ct);
        update.Ok.GetProperty("metadata").GetRawText().ShouldBe("""{"other":"x"}""");

        (await client.DeleteConversationAsync(created.Id, Ct)).Value.Deleted.ShouldBeTrue();
        (await Api.GetAsync($"v1/conversations/{created.Id}", Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_conversation_can_begin_without_a_body()
    {
        var created = (await Api.PostAsync("v1/conversations", null, Ct)).Ok;

        created.GetProperty("object").GetString().ShouldBe("conversation");
        IdOf(created).ShouldMatch("^conv_[0-9a-f]{32}$");
        created.GetProperty("metadata").GetRawText().ShouldBe("{}");
    }

    [Fact]
    public async Task Items_are_added_listed_read_and_taken_out()
    {
        var conversation = await ConversationAsync();
        var added = (await Api.PostAsync($"v1/conversations/{conversation}/items", new { items = new object[] { Message("One"), Message("Two") } }, Ct)).Ok;
        added.GetProperty("object").GetString().ShouldBe("list");
        var ids = added.GetProperty("data").EnumerateArray().Select(IdOf).ToList();
        added.GetProperty("first_id").GetString().ShouldBe(ids[0]);
        added.GetProperty("last_id").GetString().ShouldBe(ids[1]);

        TextOf(await GetAsync($"v1/conversations/{conversation}/items/{ids[1]}")).ShouldBe("Two");
        var left = (await Api.DeleteAsync($"v1/conversations/{conversation}/items/{ids[0]}", Ct)).Ok;
        left.GetProperty("object").GetString().ShouldBe("conversation");
        (await ItemsAsync(conversation)).Select(IdOf).ShouldBe([ids[1]]);
        (await Api.GetAsync($"v1/conversations/{conversation}/items/{ids[0]}", Ct)).Status.ShouldBe(404);
        (await Api.DeleteAsync($"v1/conversations/{conversation}/items/{ids[0]}", Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Items_are_paged_in_both_orders()
    {
        var conversation = await ConversationAsync(new { items = Enumerable.Range(1, 7).Select(n => Message($"{n}")) });
        (await PagesAsync(conversation, "asc")).ShouldBe(["1", "2", "3", "4", "5", "6", "7"]);
        (await PagesAsync(conversation, "desc")).ShouldBe(["7", "6", "5", "4", "3", "2", "1"]);

        // Newest first, twenty at most, unless asked otherwise.
        var page = await GetAsync($"v1/conversations/{conversation}/items");
        page.GetProperty("data").EnumerateArray().Select(TextOf).First().ShouldBe("7");
        page.GetProperty("has_more").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task An_empty_list_has_no_first_and_no_last()
    {
        var page = await GetAsync($"v1/conversations/{await ConversationAsync()}/items");

        page.GetProperty("data").GetArrayLength().ShouldBe(0);
        page.GetProperty("first_id").ValueKind.ShouldBe(JsonValueKind.Null);
        page.GetProperty("last_id").ValueKind.ShouldBe(JsonValueKind.Null);
        page.GetProperty("has_more").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_default_page_has_twenty_items()
    {
        var conversation = await ConversationAsync(new { items = Enumerable.Range(1, 20).Select(n => Message($"{n}")) });
        await Api.PostAsync($"v1/conversations/{conversation}/items", new { items = new[] { Message("21") } }, Ct);

        var page = await GetAsync($"v1/conversations/{conversation}/items");
        page.GetProperty("data").GetArrayLength().ShouldBe(20);
        page.GetProperty("has_more").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task At_most_twenty_items_are_added_at_once()
    {
        var items = Enumerable.Range(1, 21).Select(n => Message($"{n}")).ToArray();
        var create = await Api.PostAsync("v1/conversations", new { items }, Ct);
        create.Status.ShouldBe(400);
        create.Param.ShouldBe("items");

        var conversation = await ConversationAsync();
        foreach (var body in new object[] { new { items }, new { items = Array.Empty<object>() }, new { } })
        {
            var add = await Api.PostAsync($"v1/conversations/{conversation}/items", body, Ct);
            add.Status.ShouldBe(400, add.Text);
            add.Param.ShouldBe("items");
        }

        (await ItemsAsync(conversation)).ShouldBeEmpty();
    }

    public static TheoryData<string> BadMetadata => new(
        "7", "\"x\"", "[]", """{"k":7}""", """{"k":null}""",
        "{" + string.Join(",", Enumerable.Range(1, 17).Select(n => $"\"k{n}\":\"v\"")) + "}",
        $$"""{"{{new string('k', 65)}}":"v"}""",
        $$"""{"k":"{{new string('v', 513)}}"}""");

    [Theory]
    [MemberData(nameof(BadMetadata))]
    public async Task Metadata_has_limits(string metadata)
    {
        var conversation = await ConversationAsync();
        foreach (var path in new[] { "v1/conversations", $"v1/conversations/{conversation}" })
        {
            var reply = await Api.PostAsync(path, $$"""{"metadata":{{metadata}}}""", Ct);
            reply.Status.ShouldBe(400, reply.Text);
            reply.Param!.ShouldStartWith("metadata");
        }
    }

    [Fact]
    public async Task Metadata_may_use_its_limits()
    {
        var metadata = Enumerable.Range(1, 16).ToDictionary(n => $"{n:00}" + new string('k', 62), _ => new string('v', 512));
        var conversation = (await Api.PostAsync("v1/conversations", new { metadata }, Ct)).Ok;

        conversation.GetProperty("metadata").EnumerateObject().Count().ShouldBe(16);
    }

    [Fact]
    public async Task An_update_needs_metadata()
    {
        var reply = await Api.PostAsync($"v1/conversations/{await ConversationAsync()}", "{}", Ct);

        reply.Status.ShouldBe(400);
        reply.Param.ShouldBe("metadata");
    }

    [Fact]
    public async Task An_item_of_elsewhere_is_added_by_reference()
    {
        var response = await CreateAsync(new { model = Model, input = "Hi" });
        var item = IdOf(response.GetProperty("output")[0]);
        var conversation = await ConversationAsync(new { items = new object[] { new { type = "item_reference", id = item }, Message("Two") } });

        (await ItemsAsync(conversation)).Select(TextOf).ShouldBe([FakeText.For("Hi"), "Two"]);
        // Deleting the response leaves the item to the conversation.
        (await Api.DeleteAsync($"v1/responses/{IdOf(response)}", Ct)).Status.ShouldBe(200);
        (await ItemsAsync(conversation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_item_is_given_to_a_response_by_reference()
    {
        var conversation = await ConversationAsync(new { items = new[] { Message("Remember 42") } });
        var item = IdOf((await ItemsAsync(conversation))[0]);
        // With and without the type: the spec allows both.
        var response = await CreateAsync(new { model = Model, input = new object[] { new { type = "item_reference", id = item }, new { id = item }, new { role = "user", content = "Go" } } });

        MessagesOf(VendorCalls[^1]).Select(message => message.Text).ShouldBe(["Remember 42", "Remember 42", "Go"]);
        (await GetAsync($"v1/responses/{IdOf(response)}/input_items?order=asc")).GetProperty("data").GetArrayLength().ShouldBe(3);
    }

    [Theory]
    [InlineData("msg_0123456789abcdef0123456789abcdef")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_reference_to_nothing_is_a_404(string id)
    {
        var conversation = await ConversationAsync();
        var items = new[] { new { type = "item_reference", id } };

        (await Api.PostAsync($"v1/conversations/{conversation}/items", new { items }, Ct)).Status.ShouldBe(404);
        (await Api.PostAsync("v1/responses", new { model = Model, input = items }, Ct)).Status.ShouldBe(404);
        (await ItemsAsync(conversation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_item_taken_out_of_a_conversation_stays_with_its_response()
    {
        var conversation = await ConversationAsync();
        var response = await CreateAsync(new { model = Model, input = "Hi", conversation });
        foreach (var item in await ItemsAsync(conversation)) (await Api.DeleteAsync($"v1/conversations/{conversation}/items/{IdOf(item)}", Ct)).Status.ShouldBe(200);

        (await ItemsAsync(conversation)).ShouldBeEmpty();
        TextOf(await GetAsync($"v1/responses/{IdOf(response)}")).ShouldBe(FakeText.For("Hi"));
    }

    [Fact]
    public async Task A_deleted_conversation_is_gone_and_its_responses_stay()
    {
        var conversation = await ConversationAsync();
        var response = await CreateAsync(new { model = Model, input = "Hi", conversation });
        (await Api.DeleteAsync($"v1/conversations/{conversation}", Ct)).Ok.GetProperty("object").GetString().ShouldBe("conversation.deleted");

        (await Api.GetAsync($"v1/conversations/{conversation}", Ct)).Status.ShouldBe(404);
        (await Api.GetAsync($"v1/conversations/{conversation}/items", Ct)).Status.ShouldBe(404);
        (await Api.PostAsync($"v1/conversations/{conversation}", new { metadata = new { } }, Ct)).Status.ShouldBe(404);
        (await Api.PostAsync($"v1/conversations/{conversation}/items", new { items = new[] { Message("x") } }, Ct)).Status.ShouldBe(404);
        (await Api.DeleteAsync($"v1/conversations/{conversation}", Ct)).Status.ShouldBe(404);
        (await Api.PostAsync("v1/responses", new { model = Model, input = "Hi", conversation }, Ct)).Status.ShouldBe(404);

        TextOf(await GetAsync($"v1/responses/{IdOf(response)}")).ShouldBe(FakeText.For("Hi"));
        (await Api.DeleteAsync($"v1/responses/{IdOf(response)}", Ct)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_item_of_another_conversation_is_not_in_this_one()
    {
        var mine = await ConversationAsync(new { items = new[] { Message("Mine") } });
        var other = await ConversationAsync(new { items = new[] { Message("Other") } });
        var item = IdOf((await ItemsAsync(other))[0]);

        (await Api.GetAsync($"v1/conversations/{mine}/items/{item}", Ct)).Status.ShouldBe(404);
        (await Api.DeleteAsync($"v1/conversations/{mine}/items/{item}", Ct)).Status.ShouldBe(404);
        var page = await Api.GetAsync($"v1/conversations/{mine}/items?after={item}", Ct);
        page.Status.ShouldBe(400);
        page.Param.ShouldBe("after");
    }

    [Fact]
    public async Task Items_added_by_many_at_once_are_all_there()
    {
        var conversation = await ConversationAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async n =>
            (await Api.PostAsync($"v1/conversations/{conversation}/items", new { items = new[] { Message($"{n}a"), Message($"{n}b") } }, Ct)).Status.ShouldBe(200)));

        var texts = (await ItemsAsync(conversation)).Select(TextOf).ToList();
        texts.Count.ShouldBe(20);
        texts.Distinct().Count().ShouldBe(20);
        // Each request's own items keep their order.
        for (var n = 0; n < 10; n++) texts.IndexOf($"{n}a").ShouldBeLessThan(texts.IndexOf($"{n}b"));
    }

    private async Task<List<string>> PagesAsync(string conversation, string order)
    {
        var (texts, after) = (new List<string>(), "");
        while (true)
        {
            var page = await GetAsync($"v1/conversations/{conversation}/items?limit=3&order={order}{after}");
            texts.AddRange(page.GetProperty("data").EnumerateArray().Select(TextOf));
            if (!page.GetProperty("has_more").GetBoolean()) return texts;
            after = $"&after={page.GetProperty("last_id").GetString()}";
        }
    }

    private static object Message(string text) => new { type = "message", role = "user", content = text };
}
