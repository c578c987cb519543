using System.Text.Json;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Infrastructure.ModelProviders.Offline;
using AiPlatform.Infrastructure.Tokenizers;

namespace AiPlatform.Application.Tests.Inference.Offline;

public sealed class OfflineChatTests
{
    private const string Tower = """
        # Eiffel Tower
        The Eiffel Tower is a wrought-iron lattice tower on the Champ de Mars in Paris, France. It is named after the engineer Gustave Eiffel, whose company designed and built it.

        Construction began in January 1887 and ended on 31 March 1889. The tower is 330 metres tall, about the height of an 81-storey building. Mr. Eiffel paid for most of it himself.
        """;

    [Theory]
    [InlineData("How tall is the tower?", "The tower is 330 metres tall, about the height of an 81-storey building.")]
    [InlineData("who paid for the Eiffel tower?", "Mr. Eiffel paid for most of it himself.")]
    [InlineData("When did construction begin?", "Construction began in January 1887 and ended on 31 March 1889.")]
    [InlineData("What kind of tower is on the Champ de Mars?", "The Eiffel Tower is a wrought-iron lattice tower on the Champ de Mars in Paris, France.")]
    public async Task It_quotes_the_sentence_that_answers_the_question(string question, string expected) =>
        (await Offline.AnswerAsync(("system", Tower), ("user", question))).ShouldBe(expected);

    [Theory]
    [InlineData("{0}\n\nHow tall is the tower?")]
    [InlineData("How tall is the tower?\n\n{0}")]
    [InlineData("Context: {0}\n\nQuestion: How tall is the tower?\nAnswer:")]
    [InlineData("Answer from this text.\n<document>\n{0}\n</document>\nThank you! How tall is the tower?")]
    public async Task It_finds_the_question_before_and_after_pasted_text(string template) =>
        (await Offline.AnswerAsync(("user", string.Format(null, template, Tower)))).ShouldBe("The tower is 330 metres tall, about the height of an 81-storey building.");

    [Theory]
    [InlineData(
        "ताजमहल आगरा में यमुना नदी के दक्षिणी तट पर स्थित है। इसका निर्माण मुग़ल सम्राट शाहजहाँ ने अपनी पत्नी मुमताज़ महल की याद में करवाया था। यह 1983 में यूनेस्को विश्व धरोहर स्थल बना।",
        "ताजमहल किस नदी के तट पर है?",
        "ताजमहल आगरा में यमुना नदी के दक्षिणी तट पर स्थित है।")]
    [InlineData(
        "ताजमहल आगरा में यमुना नदी के दक्षिणी तट पर स्थित है। इसका निर्माण मुग़ल सम्राट शाहजहाँ ने अपनी पत्नी मुमताज़ महल की याद में करवाया था। यह 1983 में यूनेस्को विश्व धरोहर स्थल बना।",
        "यूनेस्को ने इसे विश्व धरोहर स्थल कब बनाया?",
        "यह 1983 में यूनेस्को विश्व धरोहर स्थल बना।")]
    [InlineData("गंगा नदी हिमालय से निकलती है। यह भारत की सबसे लंबी नदी है। इसकी लंबाई 2525 किलोमीटर है।", "गंगा की लंबाई कितनी है?", "इसकी लंबाई 2525 किलोमीटर है।")]
    [InlineData("한국의 수도는 서울이다. 부산은 항구 도시이다.", "한국의 수도는 어디입니까?", "한국의 수도는 서울이다.")]
    [InlineData("富士山は日本で一番高い山です。高さは三千七百七十六メートルです。山頂には神社があります。", "富士山の山頂には何がありますか？", "山頂には神社があります。")]
    [InlineData("Москва — столица России. Её население превышает тринадцать миллионов человек.", "Какое население у Москвы? Сколько миллионов человек?", "Её население превышает тринадцать миллионов человек.")]
    [InlineData("சென்னை தமிழ்நாட்டின் தலைநகரம். மதுரை வைகை ஆற்றின் கரையில் உள்ளது.", "மதுரை எந்த ஆற்றின் கரையில் உள்ளது?", "மதுரை வைகை ஆற்றின் கரையில் உள்ளது.")]
    [InlineData("القاهرة هي عاصمة مصر. يمر نهر النيل عبر المدينة.", "ما هي عاصمة مصر؟", "القاهرة هي عاصمة مصر.")]
    public async Task It_answers_in_the_language_of_the_text(string text, string question, string expected) =>
        (await Offline.AnswerAsync(("developer", text), ("user", question))).ShouldContain(expected);

    [Fact]
    public async Task It_remembers_what_the_user_said_before() =>
        (await Offline.AnswerAsync(("user", "My dog is called Rex. We moved to Pune last year."), ("assistant", "Nice to hear!"), ("user", "What is my dog called?")))
            .ShouldBe("My dog is called Rex.");

    [Fact]
    public async Task It_takes_a_short_question_together_with_the_one_before() =>
        (await Offline.AnswerAsync(("user", "Alan Turing was born in London. Max Born was a physicist. Turing died in 1954."), ("assistant", "Well?"), ("user", "When did Turing die?"), ("assistant", "1954"), ("user", "And where was he born?")))
            .ShouldBe("Alan Turing was born in London.");

    [Fact]
    public async Task It_never_quotes_itself() =>
        (await Offline.AnswerAsync(("user", "Hello"), ("assistant", "The capital of Peru is Lima."), ("user", "What is the capital of Peru?")))
            .ShouldContain("No model is configured");

    [Fact]
    public async Task It_answers_from_tool_results() =>
        (await Offline.AnswerAsync(("user", "How is the weather in Delhi?"), ("tool", """{"city":"Delhi","sky":"haze","celsius":31}"""))).ShouldBe("city: Delhi, sky: haze, celsius: 31");

    [Fact]
    public async Task It_quotes_the_latest_tool_result_when_no_word_of_it_was_asked_for() =>
        (await Offline.AnswerAsync(("user", "What's in the files?"), ("tool", """{"results":[{"name":"a.txt","score":0.9,"text":"The Danube flows through ten countries."}]}""")))
            .ShouldBe("The Danube flows through ten countries.");

    [Theory]
    [InlineData("a.")]
    [InlineData(". \"")]
    [InlineData("a\n")]
    [InlineData("<a ")]
    [InlineData("?")]
    [InlineData("long enough to have been wrapped by an editor\n")]
    public async Task It_takes_hostile_text_in_its_stride(string unit) =>
        (await Offline.AnswerAsync(("system", string.Concat(Enumerable.Repeat(unit, 500_000 / unit.Length))), ("user", "Where is the harbour?"))).ShouldNotBeEmpty();

    [Theory]
    [InlineData("Hello!")]
    [InlineData("Write a poem about the sea")]
    [InlineData("What is the capital of France?")]
    public async Task It_says_how_to_configure_a_model_when_there_is_nothing_to_quote(string message)
    {
        var answer = await Offline.AnswerAsync(("system", "You are a helpful assistant."), ("user", message));

        answer.ShouldContain("No model is configured");
        answer.ShouldContain("OPENAI_API_KEY");
        answer.ShouldContain("OPENAI_BASE_URL");
        answer.ShouldContain("ANTHROPIC_API_KEY");
        answer.ShouldContain("Ollama");
    }

    [Fact]
    public async Task It_says_so_when_the_text_does_not_hold_the_answer() =>
        (await Offline.AnswerAsync(("user", $"{Tower}\n\nWhich planet orbits nearest to the sun?"))).ShouldStartWith("The text I was given does not seem to answer that.");

    [Fact]
    public async Task It_sums_a_text_up_by_its_central_sentences()
    {
        var answer = await Offline.AnswerAsync(("user", $"Summarise this:\n\n{Tower}"));

        answer.ShouldStartWith("The Eiffel Tower is a wrought-iron lattice tower");
        answer.Length.ShouldBeLessThan(Tower.Length);
    }

    [Fact]
    public async Task It_says_that_it_cannot_see_images()
    {
        var parts = JsonElement.Parse("""[{"type":"text","text":"The cat is called Tom. What is the cat called?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]""");
        var answer = Offline.TextOf(await Offline.StreamAsync(new ChatCompletionRequest { Messages = [new ChatMessage { Role = "user", Content = parts }] }));

        answer.ShouldContain("cannot see images");
        answer.ShouldEndWith("The cat is called Tom.");
    }

    [Fact]
    public async Task It_streams_words_then_one_finish_and_the_usage()
    {
        var deltas = await Offline.StreamAsync(Offline.Request(("system", Tower), ("user", "How tall is the tower?")));

        var texts = deltas.OfType<ModelDelta.Text>().ToList();
        texts.Count.ShouldBeGreaterThan(10);
        texts.ShouldAllBe(text => text.Value.Length > 0 && text.Value.Length <= 24);
        string.Concat(texts.Select(text => text.Value)).ShouldBe("The tower is 330 metres tall, about the height of an 81-storey building.");
        deltas[^2].ShouldBe(new ModelDelta.Finish(0, "stop"));
        var usage = deltas[^1].ShouldBeOfType<ModelDelta.Usage>().Tokens;
        usage.Output.ShouldBe(new TokenCounter().Count("gpt-4o", "The tower is 330 metres tall, about the height of an 81-storey building."));
        usage.Input.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task It_gives_every_choice_the_same_answer()
    {
        var answer = await Offline.CompleteAsync(Offline.Request(("user", "Rex is a dog. What is Rex?")) with { N = 3 });

        var choices = answer.GetProperty("choices").EnumerateArray().ToList();
        choices.Select(choice => choice.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2]);
        choices.ShouldAllBe(choice => choice.GetProperty("message").GetProperty("content").GetString() == "Rex is a dog.");
        answer.GetProperty("id").GetString()!.ShouldMatch("^chatcmpl-[0-9a-f]{32}$");
        answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(3 * new TokenCounter().Count("offline", "Rex is a dog."));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task It_stops_at_the_token_limit(int limit)
    {
        var deltas = await Offline.StreamAsync(Offline.Request(("system", Tower), ("user", "How tall is the tower?")) with { MaxCompletionTokens = limit });

        deltas.OfType<ModelDelta.Finish>().Single().Reason.ShouldBe("length");
        deltas.OfType<ModelDelta.Usage>().Single().Tokens.Output.ShouldBe(limit);
    }

    [Fact]
    public async Task It_ends_before_a_stop_sequence()
    {
        var request = Offline.Request(("system", Tower), ("user", "How tall is the tower?")) with { Stop = JsonElement.Parse("""[" tall", "height"]""") };
        var deltas = await Offline.StreamAsync(request);

        Offline.TextOf(deltas).ShouldBe("The tower is 330 metres");
        deltas.OfType<ModelDelta.Finish>().Single().Reason.ShouldBe("stop");
    }

    [Theory]
    [InlineData("The tower is 330 met", "res tall, about the height of an 81-storey building.")]
    [InlineData("The tower is 330 ", "metres tall, about the height of an 81-storey building.")]
    [InlineData("Well,", "\n\nThe tower is 330 metres tall, about the height of an 81-storey building.")]
    [InlineData("The tower is 330 metres tall, about the height of an 81-storey building.", "")]
    public async Task It_continues_what_it_began(string prefill, string expected) =>
        (await Offline.AnswerAsync(("system", Tower), ("user", "How tall is the tower?"), ("assistant", prefill))).ShouldBe(expected);

    [Theory]
    [InlineData("logprobs", "true")]
    [InlineData("modalities", """["text","audio"]""")]
    [InlineData("audio", """{"voice":"alloy","format":"mp3"}""")]
    [InlineData("web_search_options", "{}")]
    public async Task It_refuses_what_it_cannot_do(string param, string value)
    {
        var request = Offline.Request(("user", "Hi"));
        request = param == "logprobs" ? request with { Logprobs = true } : request with { Extra = new() { [param] = JsonElement.Parse(value) } };

        var refusal = await Should.ThrowAsync<InvalidRequest>(() => Offline.StreamAsync(request));

        refusal.Code.ShouldBe("unsupported_parameter");
        refusal.Param.ShouldBe(param);
    }

    [Fact]
    public async Task It_ends_when_the_caller_hangs_up()
    {
        using var hangUp = new CancellationTokenSource();
        var read = 0;

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Offline.Model.StreamAsync(Offline.Call(Offline.Request(("user", "Hello"))), hangUp.Token))
                if (++read == 3) await hangUp.CancelAsync();
        });

        read.ShouldBe(3);
    }
}
