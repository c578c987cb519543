using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Failures;

/// <summary>A vendor that breaks off in the middle of a text: the same model goes on, and the client need not notice.</summary>
public sealed class FailoverTests(FailoverTest.WithPrefill platform) : FailoverTest(platform), IClassFixture<FailoverTest.WithPrefill>
{
    private static readonly string[] Breaks =
    [
        "tokens=20 cut=7", "tokens=20 cut=1", "tokens=20 cut=7 reset", "tokens=20 unicode cut-inside=utf8", "tokens=20 cut-inside=json", "tokens=20 garbage=mid at=7",
        "tokens=20 error-event=7", "tokens=20 hang=mid at=7",
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var model in Models)
                foreach (var how in Breaks) cases.Add(model, how);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_text_comes_whole_with_no_word_lost_or_twice(string model, string how)
    {
        var input = $"[[fake {how} times=1]]";
        var streamed = await StreamAsync(new { model, input, stream = true });

        streamed.Status.ShouldBe("completed");
        streamed.Deltas("output_text").ShouldBe(FakeText.For(input));
        var message = streamed.Output.ShouldHaveSingleItem();
        message.GetProperty("status").GetString().ShouldBe("completed");
        message.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(FakeText.For(input));
        streamed.Interruptions.ShouldBe(1);
        VendorCalls.Count.ShouldBe(2);
        ShouldNotHaveLogged(LogLevel.Error);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task The_vendor_is_shown_what_was_said_and_everything_else_as_before(string model)
    {
        const string Input = "[[fake tokens=20 cut=7 times=1]]";
        var text = FakeText.For(Input);
        await StreamAsync(new { model, input = Input, instructions = "Be kind.", temperature = 0.5, max_output_tokens = 100, stream = true });

        var (first, second) = (VendorCalls[0], VendorCalls[1]);
        SystemOf(second).ShouldBe(SystemOf(first));
        SystemOf(second).ShouldBe("Be kind.");
        second.Body.GetProperty("temperature").GetDouble().ShouldBe(0.5);
        TurnsOf(first).ShouldBe([("user", Input)]);
        var turns = TurnsOf(second);
        turns[..1].ShouldBe(TurnsOf(first));
        turns[1].Role.ShouldBe("assistant");
        turns[1].Text.Length.ShouldBeGreaterThan(10);
        text.ShouldStartWith(turns[1].Text);
        if (TakesPrefill(model)) turns.Count.ShouldBe(2);
        else turns[2..].ShouldHaveSingleItem().Role.ShouldBe("user");
        LimitOf(second).ShouldBe(100 - 7, "the seven tokens that are there");
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task A_model_that_must_be_asked_is_asked_in_the_language_of_its_answer(string model)
    {
        Vendor.Enqueue(FakeScript.Say("पुस्तकालय सुबह नौ बजे खुलता है", "cut=5"));
        Vendor.Enqueue(FakeScript.Say(" है और रविवार को बंद रहता है।"));
        var streamed = await StreamAsync(new { model, input = "कब?", instructions = "Answer in Hindi.", stream = true });

        streamed.Deltas("output_text").ShouldBe("पुस्तकालय सुबह नौ बजे खुलता है और रविवार को बंद रहता है।");
        TurnsOf(VendorCalls[1])[^1].Text.ShouldStartWith("आपका पिछला उत्तर");
        SystemOf(VendorCalls[1]).ShouldBe("Answer in Hindi.");
    }

    [Theory]
    [InlineData(Vendors.OpenAi)]
    [InlineData(Vendors.Anthropic)]
    [InlineData(PrefillOpenAi)]
    public async Task A_model_that_starts_anew_says_nothing_twice(string model)
    {
        const string Input = "[[fake tokens=40 cut=20 no-prefill times=1]]";
        var streamed = await StreamAsync(new { model, input = Input, stream = true });

        streamed.Status.ShouldBe("completed");
        streamed.Deltas("output_text").ShouldBe(FakeText.For(Input));
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task A_model_that_repeats_its_last_words_says_them_once(string model)
    {
        Vendor.Enqueue(FakeScript.Say("The library opens at nine and closes at six on weekdays.", "cut=8"));
        Vendor.Enqueue(FakeScript.Say("opens at nine and closes at six on weekdays."));
        var streamed = await StreamAsync(new { model, input = "Hi", stream = true });

        streamed.Deltas("output_text").ShouldBe("The library opens at nine and closes at six on weekdays.");
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task However_often_it_breaks_off_it_is_completed_as_long_as_it_gets_on(string model)
    {
        const string Input = "[[fake tokens=40 cut=7 times=5]]";
        var streamed = await StreamAsync(new { model, input = Input, stream = true });

        streamed.Deltas("output_text").ShouldBe(FakeText.For(Input));
        streamed.Interruptions.ShouldBe(5);
        VendorCalls.Count.ShouldBe(6);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Usage_is_what_all_attempts_took_and_says_that_it_is_a_guess(string model)
    {
        const string Input = "[[fake tokens=40 cut=20 times=1]]";
        var whole = (await StreamAsync(new { model, input = "[[fake tokens=40]]", stream = true })).Usage;
        var broken = (await StreamAsync(new { model, input = Input, stream = true })).Usage;

        broken.GetProperty("estimated").GetBoolean().ShouldBeTrue();
        // The prompt was read twice, the second time with half of the answer.
        broken.GetProperty("input_tokens").GetInt32().ShouldBeGreaterThan(2 * whole.GetProperty("input_tokens").GetInt32());
        broken.GetProperty("output_tokens").GetInt32().ShouldBeInRange(40, 60);
        broken.GetProperty("total_tokens").GetInt32().ShouldBe(broken.GetProperty("input_tokens").GetInt32() + broken.GetProperty("output_tokens").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_response_in_one_piece_is_completed_too(string model)
    {
        const string Input = "[[fake tokens=20 cut=7 times=1]]";
        var response = (await Api.PostAsync("v1/responses", new { model, input = Input }, Ct)).Ok;

        response.GetProperty("status").GetString().ShouldBe("completed");
        response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(FakeText.For(Input));
        response.GetProperty("interruptions").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData(Vendors.OpenAi, true)]
    [InlineData(PrefillAnthropic, false)]
    public async Task A_response_that_is_not_stored_is_completed_too(string model, bool stream)
    {
        const string Input = "[[fake tokens=20 cut=7 times=1]]";
        var response = stream
            ? (await StreamAsync(new { model, input = Input, store = false, stream })).Response
            : (await Api.PostAsync("v1/responses", new { model, input = Input, store = false }, Ct)).Ok;

        response.GetProperty("status").GetString().ShouldBe("completed");
        response.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString().ShouldBe(FakeText.For(Input));
        response.GetProperty("interruptions").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_conversation_gets_the_answer_once()
    {
        const string Input = "[[fake tokens=20 cut=7 times=1]]";
        var conversation = (await Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString();
        await StreamAsync(new { model = Vendors.OpenAi, input = Input, conversation, stream = true });

        var items = (await Api.GetAsync($"v1/conversations/{conversation}/items?order=asc", Ct)).Ok.GetProperty("data");
        items.EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()).ShouldBe([Input, FakeText.For(Input)]);
    }

    private static int LimitOf(RecordedRequest call) =>
        (call.Body.TryGetProperty("max_completion_tokens", out var limit) ? limit : call.Body.GetProperty("max_tokens")).GetInt32();
}
