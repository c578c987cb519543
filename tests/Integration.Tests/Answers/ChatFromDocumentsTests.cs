using System.Text.Json;

namespace AiPlatform.Integration.Tests.Answers;

/// <summary>The field <c>file_search</c> of chat completions.</summary>
public sealed class ChatFromDocumentsTests(ShelfPlatform platform) : AnswerTest(platform), IClassFixture<ShelfPlatform>
{
    [Theory]
    [InlineData("offline", "What do guests pay a year?")]
    [InlineData(Model, "SEARCH")]
    public async Task An_answer_has_annotations(string model, string question)
    {
        var completion = (await Api.PostAsync("v1/chat/completions", Body(model, question), Ct)).Ok;

        var message = completion.GetProperty("choices")[0].GetProperty("message");
        ShouldBeFreeOfMarkers(message.GetProperty("content").GetString()!);
        message.GetProperty("annotations").GetArrayLength().ShouldBeGreaterThan(0);
        foreach (var citation in message.GetProperty("annotations").EnumerateArray()) ShouldHold(citation);
        completion.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
        if (model == Model) VendorCalls.Count.ShouldBe(2);
        VendorCalls.Where(call => call.Body.TryGetProperty("file_search", out _)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_brings_the_annotations_with_its_last_words()
    {
        var events = await Api.StreamAsync("v1/chat/completions", Body(Model, "SEARCH", stream: true), Ct);

        events[^1].Data.ShouldBe("[DONE]");
        ShouldBeFreeOfMarkers(string.Concat(events.Select(block => block.Data)));
        var deltas = events.SkipLast(1).Where(block => block.Json.GetProperty("choices").GetArrayLength() > 0).Select(block => block.Json.GetProperty("choices")[0].GetProperty("delta")).ToList();
        var bearing = deltas.Where(delta => delta.TryGetProperty("content", out _)).ToList();
        deltas.Count(delta => delta.TryGetProperty("annotations", out _)).ShouldBe(1);
        foreach (var citation in bearing[^1].GetProperty("annotations").EnumerateArray()) ShouldHold(citation);
        var usage = events[^2].Json.GetProperty("usage");
        usage.GetProperty("prompt_tokens").GetInt32().ShouldBeGreaterThan(VendorCalls[1].Body.GetProperty("messages").GetRawText().Length / 8);
    }

    [Fact]
    public async Task What_is_said_before_a_search_is_a_paragraph_of_its_own()
    {
        var completion = (await Api.PostAsync("v1/chat/completions", new { model = Model, messages = Vendors.User(Searching("guests fee", "cite=right preamble=3")), file_search = new { vector_store_ids = new[] { Shelf.Store } } }, Ct)).Ok;

        var message = completion.GetProperty("choices")[0].GetProperty("message");
        var text = message.GetProperty("content").GetString()!;
        text.ShouldContain("river\n\nStatement 1");
        foreach (var citation in message.GetProperty("annotations").EnumerateArray()) text[..citation.GetProperty("index").GetInt32()].ShouldMatch("Statement \\d$");
    }

    [Fact]
    public async Task Several_answers_at_once_are_refused()
    {
        var reply = await Api.PostAsync("v1/chat/completions", new { model = Model, n = 2, messages = Vendors.User("Hi"), file_search = new { vector_store_ids = new[] { Shelf.Store } } }, Ct);
        (reply.Status, reply.Json.GetProperty("error").GetProperty("param").GetString()).ShouldBe((400, "n"));
    }

    private object Body(string model, string question, bool stream = false) => new
    {
        model,
        messages = Vendors.User(question == "SEARCH" ? Searching("guests fee year", "cite=right") : question),
        file_search = new { vector_store_ids = new[] { Shelf.Store }, max_num_results = 5 },
        stream,
        stream_options = stream ? new { include_usage = true } : null,
    };
}
