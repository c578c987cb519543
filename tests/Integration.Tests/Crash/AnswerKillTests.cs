using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Answers from documents whose server is killed: the other searches again without a word, and goes on citing.</summary>
[Collection(IngestionTrials.Name)]
public sealed class AnswerKillTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    private const string Text = "Members of the library pay no fee for lending. Guests pay 12 euros a year. The library opens at nine and closes at six. On Sundays it stays closed.";

    [Fact]
    public async Task An_answer_from_documents_goes_on_at_the_other_server_with_its_citations()
    {
        var store = await LibraryAsync();
        var arguments = Vendors.Value(JsonSerializer.Serialize(new { queries = new[] { "library fee for guests" } }));
        var readers = new List<(ResumingReader Reader, Task Ends)>();
        for (var seed = 1; seed <= Trials.Count(3, 20); seed++)
        {
            var reader = new ResumingReader(Servers.From(0));
            var input = string.Create(CultureInfo.InvariantCulture, $"[[fake seed={seed} tool=file_search args={arguments} cite=right delay=40]]");
            readers.Add((reader, reader.ReadAsync(new { model = Model, input, tools = new[] { new { type = "file_search", vector_store_ids = new[] { store } } }, stream = true }, Ct)));
        }

        // Two statements in.
        await Task.WhenAll(readers.Select(one => one.Reader.WaitForAsync(20, Ct)));
        await Servers[0].KillAsync(Ct);
        await Task.WhenAll(readers.Select(one => one.Ends));
        foreach (var (reader, _) in readers) ShouldBeWhole(reader);
        for (var seed = 1; seed <= readers.Count; seed++) ShouldCountWhatWasRead(readers[seed - 1].Reader, $"[[fake seed={seed} ");
        await Servers.EnsureRunningAsync(Ct);
    }

    private static void ShouldBeWhole(ResumingReader reader)
    {
        reader.End!.Event.ShouldBe("response.completed", reader.End.Data);
        reader.Events.Select(block => block.Json.GetProperty("sequence_number").GetInt32()).ShouldBe(Enumerable.Range(0, reader.Events.Count));
        reader.Events.Count(block => block.Event == "response.file_search_call.completed").ShouldBe(1);
        InterruptionsOf(reader).ShouldBe(1);
        for (var statement = 1; statement <= 6; statement++) reader.Text.Split($"Statement {statement}").Length.ShouldBe(2, reader.Text);
        reader.Text.AsSpan().ContainsAny("【】†").ShouldBeFalse();

        var response = reader.End.Json.GetProperty("response");
        var output = response.GetProperty("output");
        output.EnumerateArray().Select(item => item.GetProperty("type").GetString()).ShouldBe(["file_search_call", "message"]);
        var citations = output[1].GetProperty("content")[0].GetProperty("annotations").EnumerateArray().ToList();
        citations.Count.ShouldBe(6, reader.Text);
        citations.Select(citation => citation.GetRawText()).ShouldBe(
            reader.Events.Where(block => block.Event == "response.output_text.annotation.added").Select(block => block.Json.GetProperty("annotation").GetRawText()));
        foreach (var citation in citations)
        {
            Text.ShouldContain(citation.GetProperty("quote").GetString()!);
            reader.Text[..citation.GetProperty("index").GetInt32()].ShouldMatch("Statement \\d$");
        }
    }

    /// <summary>Also what the call that was killed had read: it can only be guessed, at about four letters a token.</summary>
    private void ShouldCountWhatWasRead(ResumingReader reader, string question)
    {
        var letters = Vendor.Requests.Where(request => request.Method == "POST" && request.Body.GetRawText().Contains(question, StringComparison.Ordinal))
            .SelectMany(request => request.Body.GetProperty("messages").EnumerateArray()).Sum(message => message.TryGetProperty("content", out var content) ? content.GetString()?.Length ?? 0 : 0);
        var usage = reader.End!.Json.GetProperty("response").GetProperty("usage");
        usage.GetProperty("estimated").GetBoolean().ShouldBeTrue();
        usage.GetProperty("input_tokens").GetInt32().ShouldBeInRange(letters / 5, letters / 3);
    }

    private async Task<string> LibraryAsync()
    {
        using var form = new MultipartFormDataContent { { new StringContent("assistants"), "purpose" }, { new StringContent(Text), "file", "library.txt" } };
        using var upload = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = form };
        var file = (await Servers[0].Api.SendAsync(upload, Ct)).Ok.GetProperty("id").GetString();
        var store = (await Servers[0].Api.PostAsync("v1/vector_stores", new { name = "Library" }, Ct)).Ok.GetProperty("id").GetString()!;
        _ = (await Servers[0].Api.PostAsync($"v1/vector_stores/{store}/files", new { file_id = file }, Ct)).Ok;
        await WaitUntilAsync(async () => (await Servers[0].Api.GetAsync($"v1/vector_stores/{store}/files/{file}", Ct)).Ok.GetProperty("status").GetString() == "completed");
        return store;
    }
}
