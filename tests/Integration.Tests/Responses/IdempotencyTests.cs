using System.Text;
using System.Text.Json;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>A request that names itself can be sent again without harm.</summary>
public sealed class IdempotencyTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    private readonly string _key = Guid.CreateVersion7().ToString();

    [Fact]
    public async Task A_repeat_gets_the_response_of_the_first_in_whatever_way_it_is_asked_for()
    {
        var first = (await SendAsync(new { model = Model, input = "Hi" })).Ok;
        var repeat = (await SendAsync(new { model = Model, input = "Hi" })).Ok;
        var stream = await SendAsync(new { model = Model, input = "Hi", stream = true });

        JsonElement.DeepEquals(repeat, first).ShouldBeTrue($"{repeat}\n{first}");
        stream.Text.ShouldBe((await Api.GetAsync($"v1/responses/{IdOf(first)}?stream=true", Ct)).Text);
        VendorCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_repeat_joins_a_response_that_is_still_running()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        var first = SendAsync(new { model = Model, input = "Hi", stream = true });
        await Vendor.WaitForAsync(request => request.Method == "POST", Ct);
        var (stream, whole) = (SendAsync(new { model = Model, input = "Hi", stream = true }), SendAsync(new { model = Model, input = "Hi" }));
        gate.Open();

        (await stream).Text.ShouldBe((await first).Text);
        TextOf((await whole).Ok).ShouldBe("one two three");
        VendorCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_repeat_in_the_background_shows_how_far_it_is()
    {
        using var gate = new FakeGate();
        Vendor.Enqueue(FakeScript.Say("one two three") with { Gate = gate });
        var first = (await SendAsync(new { model = Model, input = "Hi", background = true })).Ok;
        var repeat = (await SendAsync(new { model = Model, input = "Hi", background = true })).Ok;
        (IdOf(repeat), StatusOf(repeat)).ShouldBe((IdOf(first), "in_progress"));
        gate.Open();
        await WaitForStatusAsync(IdOf(first), "completed");

        TextOf((await SendAsync(new { model = Model, input = "Hi", background = true })).Ok).ShouldBe("one two three");
        VendorCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task However_many_come_at_once_one_response_is_made()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(new { model = Model, input = "Hi" })));

        replies.Select(reply => IdOf(reply.Ok)).Distinct().ShouldHaveSingleItem();
        VendorCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_repeat_in_a_conversation_is_no_second_turn()
    {
        var conversation = await ConversationAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SendAsync(new { model = Model, input = "Hi", conversation })));

        replies.Select(reply => IdOf(reply.Ok)).Distinct().ShouldHaveSingleItem();
        (await ItemsAsync(conversation)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("""{"model":"fake-chat","input":"Bye"}""")]
    [InlineData("""{"model":"fake-claude","input":"Hi"}""")]
    [InlineData("""{"model":"fake-chat","input":"Hi","temperature":0.5}""")]
    [InlineData("""{"model":"fake-chat","input":"Hi","something_new":1}""")]
    public async Task The_same_key_with_another_request_is_a_conflict_that_no_repetition_solves(string body)
    {
        await SendAsync(new { model = Model, input = "Hi" });
        var reply = await SendAsync(body);

        (reply.Status, reply.Code, reply.Header("x-should-retry")).ShouldBe((409, "idempotency_key_reused", "false"));
        VendorCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        (await SendAsync(new { model = Model, input = "Hi" }, key: new string('k', 255))).Status.ShouldBe(200);
        var reply = await SendAsync(new { model = Model, input = "Hi" }, key: new string('k', 256));
        (reply.Status, reply.Param).ShouldBe((400, "Idempotency-Key"));
    }

    [Fact]
    public async Task What_is_not_stored_cannot_be_found_again_so_its_key_is_refused()
    {
        var reply = await SendAsync(new { model = Model, input = "Hi", store = false });
        (reply.Status, reply.Param).ShouldBe((400, "Idempotency-Key"));
        VendorCalls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_past_its_time_is_as_good_as_new()
    {
        var first = (await SendAsync(new { model = Model, input = "Hi" })).Ok;
        await Platform.Database.ScalarAsync($"UPDATE chat.idempotency_keys SET expires_at = now() - interval '1 second' WHERE key = '{_key}'", Ct);
        var second = (await SendAsync(new { model = Model, input = "Bye" })).Ok;

        IdOf(second).ShouldNotBe(IdOf(first));
        IdOf((await SendAsync(new { model = Model, input = "Bye" })).Ok).ShouldBe(IdOf(second));
    }

    [Fact]
    public async Task A_deleted_response_takes_its_key_along()
    {
        var first = (await SendAsync(new { model = Model, input = "Hi" })).Ok;
        await Api.DeleteAsync($"v1/responses/{IdOf(first)}", Ct);

        IdOf((await SendAsync(new { model = Model, input = "Hi" })).Ok).ShouldNotBe(IdOf(first));
    }

    [Fact]
    public async Task Another_workspace_has_keys_of_its_own()
    {
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var ours = (await SendAsync(new { model = Model, input = "Hi" })).Ok;
        var theirs = (await SendAsync(new { model = Model, input = "Bye" }, api: tenant.Api)).Ok;

        IdOf(theirs).ShouldNotBe(IdOf(ours));
        (await Api.GetAsync($"v1/responses/{IdOf(theirs)}", Ct)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_request_that_was_refused_leaves_its_key_free()
    {
        (await SendAsync(new { model = "nobodys", input = "Hi" })).Status.ShouldBe(404);
        (await SendAsync(new { model = Model, input = "Hi" })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_repeat_of_one_that_failed_before_its_first_word_is_a_new_attempt()
    {
        const string Flaky = "[[fake status=500 times=1 tokens=5]]";
        (await SendAsync(new { model = Model, input = Flaky })).Status.ShouldBe(502);
        var repeat = (await SendAsync(new { model = Model, input = Flaky })).Ok;

        StatusOf(repeat).ShouldBe("completed");
        VendorCalls.Count.ShouldBe(2);
        // And from then on the key is that attempt's.
        IdOf((await SendAsync(new { model = Model, input = Flaky })).Ok).ShouldBe(IdOf(repeat));
    }

    private async Task<Reply> SendAsync(object body, string? key = null, ApiClient? api = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses")
        {
            Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", key ?? _key } },
        };
        return await (api ?? Api).SendAsync(request, Ct);
    }
}
