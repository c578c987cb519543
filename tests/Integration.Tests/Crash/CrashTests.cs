using System.Text.Json;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>All servers killed: what was stored is there, and what was in progress goes on with the first that comes back.</summary>
[Collection(Trials.Name)]
public sealed class CrashTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    [Fact]
    public async Task After_a_kill_of_everything_what_was_stored_is_there_and_what_ran_is_finished()
    {
        var before = await WriteAsync(Servers[0].Api);
        var conversation = (await Servers[0].Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString();
        var question = Question.Of(tokens: 150, delay: 40);
        var reader = new ResumingReader(Servers.From(0));
        var ends = reader.ReadAsync(new { model = Model, input = question.Text, stream = true, conversation }, Ct);
        await reader.WaitForAsync(10, Ct);

        await Task.WhenAll(Servers[0].KillAsync(Ct), Servers[1].KillAsync(Ct));
        await Servers.StartAsync(1, Ct);
        foreach (var (path, was) in before)
        {
            var now = (await Servers[1].Api.GetAsync(path, Ct)).Ok;
            JsonElement.DeepEquals(now, was).ShouldBeTrue($"{path}\n{was}\n{now}");
        }

        // Its conversation is still taken.
        (await Servers[1].Api.PostAsync("v1/responses", new { model = Model, input = "Next", conversation }, Ct)).Code.ShouldBe("conversation_locked");
        await ends;
        await ShouldBeWholeAsync(reader, question);
        (await Servers[1].Api.GetAsync($"v1/conversations/{conversation}/items", Ct)).Ok.GetProperty("data").GetArrayLength().ShouldBe(2);
        (await Servers[1].Api.PostAsync("v1/responses", new { model = Model, input = "Next", conversation }, Ct)).Ok.GetProperty("status").GetString().ShouldBe("completed");
    }

    [Fact]
    public async Task As_long_as_its_server_lives_a_response_is_left_alone_however_silent_its_model_is()
    {
        var question = Question.Of(tokens: 20, delay: 0, "hang=mid");
        var (reader, ends) = Ask(question, first: 0);
        await reader.WaitForAsync(5, Ct);
        await Task.Delay(Trials.Seconds(8, 30), Ct);
        (await OfRunAsync<int>(reader.Id!, "epoch")).ShouldBe(1);
        CallsFor(question).ShouldBe(1);
        (await Servers[1].Api.PostAsync($"v1/responses/{reader.Id}/cancel", null, Ct)).Ok.GetProperty("status").GetString().ShouldBe("cancelled");
        await ends;
    }

    /// <summary>Makes one of everything, and returns what each address shows.</summary>
    private async Task<Dictionary<string, JsonElement>> WriteAsync(ApiClient api)
    {
        var conversation = (await api.PostAsync("v1/conversations", new { metadata = new { k = "v" } }, Ct)).Ok.GetProperty("id").GetString();
        var inside = (await api.PostAsync("v1/responses", new { model = Model, input = "[[fake tokens=30 unicode]]", conversation }, Ct)).Ok.GetProperty("id").GetString();
        var root = (await api.PostAsync("v1/responses", new { model = Model, input = "Root" }, Ct)).Ok.GetProperty("id").GetString();
        var next = (await api.PostAsync("v1/responses", new { model = Model, input = "Next", previous_response_id = root }, Ct)).Ok.GetProperty("id").GetString();
        var shown = new Dictionary<string, JsonElement>();
        foreach (var path in new[]
        {
            $"v1/conversations/{conversation}", $"v1/conversations/{conversation}/items", $"v1/responses/{inside}", $"v1/responses/{root}", $"v1/responses/{next}",
            $"v1/responses/{next}/input_items",
        }) shown[path] = (await api.GetAsync(path, Ct)).Ok;
        return shown;
    }
}
