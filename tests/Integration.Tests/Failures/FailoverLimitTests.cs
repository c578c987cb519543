namespace AiPlatform.Integration.Tests.Failures;

/// <summary>When going on is given up, and how the client learns it.</summary>
public sealed class FailoverLimitTests(FailoverTest.WithPrefill platform) : FailoverTest(platform), IClassFixture<FailoverTest.WithPrefill>
{
    [Theory]
    [InlineData(Vendors.OpenAi)]
    [InlineData(PrefillAnthropic)]
    public async Task Breaking_off_again_and_again_without_a_new_word_ends_failed(string model)
    {
        Vendor.Enqueue(FakeScript.Say("one two three four", "cut=2"));
        Vendor.Standing = FakeDirective.Parse("status=503");
        var streamed = await StreamAsync(new { model, input = "Hi", stream = true });

        streamed.Status.ShouldBe("failed");
        streamed.Response.GetProperty("error").GetProperty("code").GetString().ShouldBe("server_error");
        streamed.Error.ShouldNotBeNullOrEmpty();
        streamed.Deltas("output_text").ShouldBe("one two");
        streamed.Events.TakeLast(4).Select(block => block.Event).ShouldBe(["response.output_text.done", "response.content_part.done", "response.output_item.done", "response.failed"]);
        streamed.Events[^2].Json.GetProperty("item").GetProperty("status").GetString().ShouldBe("incomplete");
        VendorCalls.Count.ShouldBe(7);
        streamed.Interruptions.ShouldBe(7);
        streamed.Usage.GetProperty("estimated").GetBoolean().ShouldBeTrue();

        var stored = (await Api.GetAsync($"v1/responses/{streamed.Id}", Ct)).Ok;
        stored.GetProperty("status").GetString().ShouldBe("failed");
        stored.GetProperty("output").GetArrayLength().ShouldBe(0);
        stored.GetProperty("error").GetRawText().ShouldBe(streamed.Response.GetProperty("error").GetRawText());
    }

    [Fact]
    public async Task Whoever_waits_for_the_whole_response_then_gets_a_status()
    {
        Vendor.Enqueue(FakeScript.Say("one two three four", "cut=2"));
        Vendor.Standing = FakeDirective.Parse("status=503");
        var reply = await AskAsync(Way.Response, Vendors.OpenAi, "");

        (reply.Status, reply.Code).ShouldBe((503, "upstream_overloaded"));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task A_vendor_that_refuses_the_continuation_is_quoted(string model)
    {
        Vendor.Enqueue(FakeScript.Say("one two three four", "cut=2"));
        Vendor.Enqueue(FakeScript.Do("window=1"));
        var streamed = await StreamAsync(new { model, input = "Hi", stream = true });

        streamed.Status.ShouldBe("failed");
        streamed.Response.GetProperty("error").GetProperty("code").GetString().ShouldBe("invalid_prompt");
        streamed.Error.ShouldContain("token");
        VendorCalls.Count.ShouldBe(2);
        ShouldKeepSecrets(streamed.Response.GetRawText());
    }

    [Fact]
    public async Task A_vendor_that_takes_no_prefill_after_all_is_quoted()
    {
        var streamed = await StreamAsync(new { model = PrefillAnthropic, input = "[[fake tokens=20 cut=7 no-prefill times=1]]", stream = true });

        streamed.Status.ShouldBe("failed");
        streamed.Error.ShouldContain("prefill");
    }

    [Theory]
    [InlineData("status=429 retry-after=1")]
    [InlineData("status=429 retry-after=3600")]
    public async Task A_vendor_that_asks_for_a_pause_gets_it_within_reason(string next)
    {
        Vendor.Enqueue(FakeScript.Say("one two three four", "cut=2"));
        Vendor.Enqueue(FakeScript.Do(next));
        Vendor.Enqueue(FakeScript.Say(" three four"));
        var streamed = await StreamAsync(new { model = Vendors.OpenAi, input = "Hi", stream = true });

        (streamed.Status, VendorCalls.Count).ShouldBe(("completed", 3));
        streamed.Deltas("output_text").ShouldBe("one two three four");
    }

    [Theory]
    [InlineData("cut=0")]
    [InlineData("error-event=0")]
    public async Task Before_the_first_word_nothing_is_tried_again(string how)
    {
        var reply = await AskAsync(Way.Response, Vendors.OpenAi, $"tokens=20 {how} times=1");

        reply.Status.ShouldBe(502, reply.Text);
        VendorCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_limit_on_the_answer_holds_for_all_attempts_together()
    {
        var streamed = await StreamAsync(new { model = Vendors.OpenAi, input = "[[fake tokens=60 cut=10 times=1]]", max_output_tokens = 30, stream = true });

        streamed.Status.ShouldBe("incomplete");
        streamed.Deltas("output_text").ShouldBe(FakeText.For("[[fake tokens=30]]"));
    }

    [Fact]
    public async Task Cancelling_works_in_the_pause_between_two_attempts()
    {
        Vendor.Enqueue(FakeScript.Say("one two three four", "cut=2"));
        Vendor.Standing = FakeDirective.Parse("status=503 retry-after=20");
        using var answer = await Api.OpenAsync("v1/responses", new { model = Vendors.OpenAi, input = "Hi", stream = true }, Ct);
        await Vendor.WaitForAsync(request => request.Status == 503, Ct);
        var id = (Guid)(await Platform.Database.ScalarAsync("SELECT id FROM chat.responses ORDER BY created_at DESC LIMIT 1", Ct))!;
        var cancelled = (await Api.PostAsync($"v1/responses/resp_{id:n}/cancel", null, Ct)).Ok;

        cancelled.GetProperty("status").GetString().ShouldBe("cancelled");
        (await Sse.ReadToEndAsync(answer, Ct))[^1].Json.GetProperty("response").GetProperty("status").GetString().ShouldBe("cancelled");
    }
}
