using System.Text.Json;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>The same request more than once, and two that exclude each other, at two servers at the same time.</summary>
[Collection(Trials.Name)]
public sealed class RepeatedRequestTests(ServerPair servers, ITestOutputHelper output) : ProcessTest(servers, output)
{
    [Fact]
    public async Task Twenty_requests_with_one_key_make_one_response_and_ask_the_model_once()
    {
        for (var trial = 0; trial < Trials.Count(2, 10); trial++)
        {
            var (question, key) = (Question.Of(tokens: 50, delay: 10), Guid.NewGuid().ToString());
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CreateAsync(i % 2, key, question.Text, stream: i % 4 < 2)));
            answers.Select(answer => answer.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1);
            answers.ShouldAllBe(answer => Proof.TextOf(answer) == question.Answer);
            CallsFor(question).ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_key_that_stood_for_another_request_is_refused_for_good()
    {
        var (question, key) = (Question.Of(tokens: 5, delay: 0), Guid.NewGuid().ToString());
        await CreateAsync(0, key, question.Text, stream: false);
        using var request = Request(key, question.Text + " and more", stream: false);
        var refused = await Servers[1].Api.SendAsync(request, Ct);
        (refused.Status, refused.Code).ShouldBe((409, "idempotency_key_reused"));
        refused.Header("x-should-retry").ShouldBe("false");
        CallsFor(question).ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_requests_in_one_conversation_one_runs_and_the_other_is_told_to_wait()
    {
        for (var trial = 0; trial < Trials.Count(2, 10); trial++)
        {
            var question = Question.Of(tokens: 40, delay: 20);
            var conversation = (await Servers[0].Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString();
            var replies = await Task.WhenAll(Enumerable.Range(0, 2).Select(place =>
                Servers[place].Api.PostAsync("v1/responses", new { model = Model, input = question.Text, conversation }, Ct)));
            Proof.TextOf(replies.Single(reply => reply.Status == 200).Json).ShouldBe(question.Answer);
            var refused = replies.Single(reply => reply.Status == 409);
            refused.Code.ShouldBe("conversation_locked");
            refused.Header("Retry-After").ShouldBe("1");
            refused.Header("x-should-retry").ShouldBeNull();
            CallsFor(question).ShouldBe(1);
        }
    }

    private async Task<JsonElement> CreateAsync(int place, string key, string input, bool stream)
    {
        using var request = Request(key, input, stream);
        if (!stream) return (await Servers[place].Api.SendAsync(request, Ct)).Ok;
        using var response = await Servers[place].Api.OpenAsync(request, Ct);
        ((int)response.StatusCode).ShouldBe(200);
        var events = await Sse.ReadToEndAsync(response, Ct);
        Proof.ShouldHaveNoGap(events);
        return events.Single(ResumingReader.IsEnd).Json.GetProperty("response");
    }

    // Whether the answer is streamed is no part of what is asked.
    private static HttpRequestMessage Request(string key, string input, bool stream)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses") { Content = ApiClient.Content(new { model = Model, input, stream }) };
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }
}
