using System.Text.Json;

namespace AiPlatform.Integration.Tests.WebSockets;

/// <summary>Responses with <c>store: false</c> can be continued on the connection they were made on, and nowhere else.</summary>
public sealed class SocketChainTests(SocketChainTests.ShortMemory platform) : SocketTest(platform), IClassFixture<SocketChainTests.ShortMemory>
{
    [Fact]
    public async Task A_chain_that_is_not_stored_goes_on()
    {
        using var socket = await ConnectAsync();
        var one = await AskAsync(socket, new { input = "One", store = false });
        var two = await AskAsync(socket, new { input = "Two", store = false, previous_response_id = IdOf(one) });
        var three = await AskAsync(socket, new { input = "Three", store = false, previous_response_id = IdOf(two) });

        ResponseOf(three).GetProperty("previous_response_id").GetString().ShouldBe(IdOf(two));
        ResponseOf(three).GetProperty("store").GetBoolean().ShouldBeFalse();
        MessagesOf(VendorCalls[^1]).ShouldBe(
            ["user: One", $"assistant: {FakeText.For("One")}", "user: Two", $"assistant: {FakeText.For("Two")}", "user: Three"]);
        (await Platform.Database.ScalarAsync("SELECT count(*) FROM chat.responses WHERE id = ANY (ARRAY[" + string.Join(',', new[] { one, two, three }.Select(Row)) + "]::uuid[])", Ct)).ShouldBe(0L);
    }

    [Fact]
    public async Task It_may_fork_into_another_lane()
    {
        using var socket = await ConnectAsync();
        var root = IdOf(await AskAsync(socket, new { input = "Root", store = false, stream_id = "left" }));
        await AskAsync(socket, new { input = "Left", store = false, stream_id = "left", previous_response_id = root });
        await AskAsync(socket, new { input = "Right", store = false, stream_id = "right", previous_response_id = root });

        MessagesOf(VendorCalls[^1]).ShouldBe(["user: Root", $"assistant: {FakeText.For("Root")}", "user: Right"]);
    }

    [Fact]
    public async Task Function_calls_and_their_outputs_stay_in_it()
    {
        using var socket = await ConnectAsync();
        var tools = new[] { new { type = "function", name = "lookup" } };
        var first = await AskAsync(socket, new { input = "[[fake tool=lookup]]", tools, store = false });
        var call = ResponseOf(first).GetProperty("output")[0].GetProperty("call_id").GetString();
        var second = await AskAsync(socket, new { input = new[] { new { type = "function_call_output", call_id = call, output = "42" } }, tools, store = false, previous_response_id = IdOf(first) });

        TextOf(second).ShouldContain("42");
    }

    [Fact]
    public async Task It_may_begin_with_what_is_stored()
    {
        using var socket = await ConnectAsync();
        var stored = IdOf(await AskAsync(socket, new { input = "One" }));
        var unstored = IdOf(await AskAsync(socket, new { input = "Two", store = false, previous_response_id = stored }));
        await AskAsync(socket, new { input = "Three", store = false, previous_response_id = unstored });

        MessagesOf(VendorCalls[^1]).Select(message => message.Split(": ")[0]).ShouldBe(["user", "assistant", "user", "assistant", "user"]);
    }

    [Fact]
    public async Task A_stored_response_cannot_build_on_it()
    {
        using var socket = await ConnectAsync();
        var unstored = IdOf(await AskAsync(socket, new { input = "One", store = false }));

        ShouldBeError(await ErrorOfAsync(socket, Create(new { input = "Two", previous_response_id = unstored })), 400, "previous_response_not_stored", "previous_response_id");
        TypeOf((await AskAsync(socket, new { input = "Two", previous_response_id = unstored, store = false }))[^1]).ShouldBe("response.completed");
    }

    [Fact]
    public async Task Nobody_else_can_build_on_it()
    {
        using var socket = await ConnectAsync();
        var unstored = IdOf(await AskAsync(socket, new { input = "One", store = false }));
        var body = new { model = Model, input = "Two", store = false, previous_response_id = unstored };

        using var other = await ConnectAsync();
        ShouldBeError(await ErrorOfAsync(other, Create(body)), 400, "previous_response_not_found", "previous_response_id");
        (await Api.PostAsync("v1/responses", body, Ct)).Code.ShouldBe("previous_response_not_found");
    }

    [Fact]
    public async Task What_failed_leaves_its_input_only()
    {
        using var socket = await ConnectAsync();
        var failed = await AskAsync(socket, new { input = "[[fake status=400]]", store = false });
        TypeOf(failed[^1]).ShouldBe("response.failed");
        await AskAsync(socket, new { input = "Hello", store = false, previous_response_id = IdOf(failed) });

        MessagesOf(VendorCalls[^1]).ShouldBe(["user: [[fake status=400]]", "user: Hello"]);
    }

    [Fact]
    public async Task What_has_not_been_used_for_longest_is_forgotten_first()
    {
        using var socket = await ConnectAsync();
        var filling = new string('x', ShortMemory.Bytes / sizeof(char) * 2 / 5);
        var used = await AskAsync(socket, new { input = filling, store = false, generate = false });
        var old = await AskAsync(socket, new { input = filling, store = false, generate = false });
        // Fails, and is a use all the same.
        await ErrorOfAsync(socket, Create(new { input = "Next", previous_response_id = IdOf(used) }));
        await AskAsync(socket, new { input = filling, store = false, generate = false });

        ShouldBeError(
            await ErrorOfAsync(socket, Create(new { input = "Next", store = false, previous_response_id = IdOf(old) })), 400, "previous_response_not_found", "previous_response_id");
        TypeOf((await AskAsync(socket, new { input = "Next", store = false, previous_response_id = IdOf(used) }))[^1]).ShouldBe("response.completed");
    }

    [Fact]
    public async Task What_is_too_large_to_remember_is_not_remembered()
    {
        using var socket = await ConnectAsync();
        var large = await AskAsync(socket, new { input = new string('x', ShortMemory.Bytes), store = false, generate = false });

        ShouldBeError(
            await ErrorOfAsync(socket, Create(new { input = "Next", store = false, previous_response_id = IdOf(large) })), 400, "previous_response_not_found", "previous_response_id");
    }

    private static string Row(List<JsonElement> events) => $"'{Guid.ParseExact(IdOf(events)[5..], "n")}'";

    public sealed class ShortMemory : Platform
    {
        public const int Bytes = 60_000;

        protected override void Configure(IDictionary<string, string?> settings) => settings["Edge:WebSockets:MaxUnstoredBytes"] = $"{Bytes}";
    }
}
