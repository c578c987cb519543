using System.Text.Json;

namespace AiPlatform.Integration.Tests.Failures;

/// <summary>A vendor that breaks off while its model thinks, or calls a function.</summary>
public sealed class FailoverContentTests(FailoverTest.WithPrefill platform) : FailoverTest(platform), IClassFixture<FailoverTest.WithPrefill>
{
    private static readonly object[] Tools = [new { type = "function", name = "lookup", parameters = new { type = "object" } }];
    private static readonly string Arguments = Vendors.Value("""{"city":"Reykjavík","unit":"celsius"}""");

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Thinking_that_broke_off_is_closed_and_the_model_thinks_again(string model)
    {
        const string Input = "[[fake reasoning=6 tokens=6 cut=3 times=1]]";
        var streamed = await StreamAsync(new { model, input = Input, stream = true });

        streamed.Output.Select(item => $"{item.GetProperty("type").GetString()} {item.GetProperty("status").GetString()}")
            .ShouldBe(["reasoning incomplete", "reasoning completed", "message completed"]);
        var thoughts = streamed.Items("reasoning").ConvertAll(item => item.GetProperty("content")[0].GetProperty("text").GetString()!);
        thoughts[1].ShouldBe(FakeText.ReasoningFor(Input));
        thoughts[1].ShouldStartWith(thoughts[0]);
        streamed.Deltas("output_text").ShouldBe(FakeText.For(Input));
        streamed.Interruptions.ShouldBe(1);
        // Nothing was said that could be gone on with: the request is the same once more.
        TurnsOf(VendorCalls[1]).ShouldBe(TurnsOf(VendorCalls[0]));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_text_that_followed_a_thought_goes_on_in_the_same_message(string model)
    {
        const string Input = "[[fake reasoning=4 tokens=12 cut=9 times=1]]";
        var streamed = await StreamAsync(new { model, input = Input, stream = true });

        streamed.Output.Select(item => item.GetProperty("type").GetString()).ShouldBe(["reasoning", "message"]);
        streamed.Deltas("output_text").ShouldBe(FakeText.For(Input));
    }

    [Theory]
    [InlineData(Vendors.OpenAi, "cut=2")]
    [InlineData(Vendors.OpenAi, "cut=3")]
    [InlineData(Vendors.OpenAi, "cut-inside=json")]
    [InlineData(Vendors.OpenAi, "cut-inside=utf8")]
    [InlineData(Vendors.OpenAi, "garbage=mid at=3")]
    [InlineData(Vendors.Anthropic, "cut=3")]
    [InlineData(PrefillOpenAi, "hang=mid at=3")]
    [InlineData(PrefillAnthropic, "cut-inside=json")]
    public async Task Half_a_function_call_is_never_shown_and_the_whole_one_once(string model, string how)
    {
        var streamed = await StreamAsync(new { model, tools = Tools, stream = true, input = $"[[fake tool=lookup args={Arguments} {how} times=1]]" });

        var call = streamed.Output.ShouldHaveSingleItem();
        call.GetProperty("type").GetString().ShouldBe("function_call");
        JsonDocument.Parse(call.GetProperty("arguments").GetString()!).RootElement.GetProperty("city").GetString().ShouldBe("Reykjavík");
        streamed.Events.Count(block => block.Event == "response.output_item.added").ShouldBe(1);
        streamed.Deltas("function_call_arguments").ShouldBe(call.GetProperty("arguments").GetString());
        streamed.Interruptions.ShouldBe(1);
        VendorCalls[1].Body.GetProperty("tools").GetRawText().ShouldBe(VendorCalls[0].Body.GetProperty("tools").GetRawText());
    }

    [Fact]
    public async Task A_call_after_some_words_comes_once_and_so_do_the_words()
    {
        var streamed = await StreamAsync(new { model = PrefillOpenAi, tools = Tools, stream = true, input = $"[[fake preamble=8 tool=lookup tools=2 args={Arguments} cut=11 times=1]]" });

        streamed.Output.Select(item => item.GetProperty("type").GetString()).ShouldBe(["message", "function_call", "function_call"]);
        var said = TurnsOf(VendorCalls[1])[^1];
        said.Role.ShouldBe("assistant");
        streamed.Deltas("output_text").ShouldBe(said.Text);
    }

    [Theory]
    [InlineData(Vendors.OpenAi)]
    [InlineData(PrefillOpenAi)]
    public async Task An_object_is_continued_without_asking_for_an_object_where_that_would_begin_another(string model)
    {
        Vendor.Enqueue(FakeScript.Say("{\"title\": \"A very long title\", \"pages\": 3}", "cut=4"));
        Vendor.Enqueue(FakeScript.Say(" title\", \"pages\": 3}"));
        var schema = new { type = "object", properties = new { title = new { type = "string" } } };
        var streamed = await StreamAsync(new { model, input = "A book", stream = true, text = new { format = new { type = "json_schema", name = "book", schema } } });

        JsonDocument.Parse(streamed.Deltas("output_text")).RootElement.GetProperty("title").GetString().ShouldBe("A very long title");
        VendorCalls[1].Body.TryGetProperty("response_format", out _).ShouldBe(TakesPrefill(model));
    }
}
