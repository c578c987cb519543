namespace AiPlatform.Integration.Tests.Evaluations;

/// <summary>Evaluations of a real store, through the API.</summary>
public sealed class EvaluationTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private const string Offline = "offline-embedding";
    private const string FakeModel = "fake-embedding";

    private static readonly (string Name, string Text)[] Documents =
    [
        ("lighthouse.txt", "The lighthouse keeper trims the lamp every evening.\n\nIts beam is seen from thirty miles away."),
        ("bakery.txt", "The bakery sells rye bread and cinnamon rolls.\n\nIt opens at six in the morning."),
        ("volcano.txt", "The volcano erupted twice in the last century.\n\nIts ash covered the fields around it."),
    ];

    [Fact]
    public async Task Questions_are_asked_and_measured()
    {
        var store = await Api.StoreAsync(Offline, Documents, Ct);
        var id = await Api.StartAsync(
            new
            {
                name = "First", vector_store_id = store, settings = new { max_num_results = 5 },
                questions = new object[]
                {
                    new { id = "lamp", query = "Who trims the lamp of the lighthouse?", relevant = new[] { new { filename = "lighthouse.txt" } } },
                    new { query = "When did the volcano erupt?", relevant = new[] { new { quote = "the volcano  ERUPTED twice" } } },
                    new { query = "Which bread does the bakery sell?", relevant = new[] { new { filename = "volcano.txt", start = 0, end = 46 } } },
                },
            },
            Ct);

        var evaluation = await Api.CompletedAsync(id, Ct);

        (evaluation.GetProperty("questions").GetInt32(), evaluation.GetProperty("asked").GetInt32()).ShouldBe((3, 3));
        (evaluation.GetProperty("name").GetString(), evaluation.GetProperty("vector_store_name").GetString()).ShouldBe(("First", "Evaluated"));
        var metrics = evaluation.GetProperty("metrics");
        metrics.GetProperty("at_k").EnumerateArray().Select(at => at.GetProperty("k").GetInt32()).ShouldBe([1, 3, 5]);
        // Of the first hits two are right: the third question names a wrong answer.
        metrics.GetProperty("at_k")[0].GetProperty("success").GetDouble().ShouldBe(2 / 3.0, 1e-9);
        metrics.GetProperty("ndcg_at_10").GetDouble().ShouldBeInRange(2 / 3.0, 0.9);
        metrics.GetProperty("latency_ms").GetProperty("p99").GetDouble().ShouldBeGreaterThan(0);

        var first = (await Api.GetAsync($"api/evaluations/{id}/results?limit=2", Ct)).Ok;
        first.GetProperty("data").EnumerateArray().Select(question => question.GetProperty("id").GetString()).ShouldBe(["lamp", "q2"]);
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();
        var lamp = first.GetProperty("data")[0];
        lamp.GetProperty("relevant")[0].GetProperty("rank").GetInt32().ShouldBe(1);
        (lamp.GetProperty("hits")[0].GetProperty("filename").GetString(), lamp.GetProperty("hits")[0].GetProperty("relevant").GetBoolean()).ShouldBe(("lighthouse.txt", true));
        var last = (await Api.GetAsync($"api/evaluations/{id}/results?after=q2", Ct)).Ok.GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        last.GetProperty("hits")[0].GetProperty("relevant").GetBoolean().ShouldBeFalse();

        // It stays when the store goes, with what it measured.
        (await Api.DeleteAsync($"v1/vector_stores/{store}", Ct)).Status.ShouldBe(200);
        var kept = (await Platform.Operator.Api.GetAsync($"api/evaluations?vector_store_id={store}", Ct)).Ok.GetProperty("data").EnumerateArray().ShouldHaveSingleItem();
        kept.GetRawText().ShouldBe(evaluation.GetRawText());
        (await Api.DeleteAsync($"api/evaluations/{id}", Ct)).Ok.GetProperty("deleted").GetBoolean().ShouldBeTrue();
        (await Api.GetAsync($"api/evaluations/{id}/results", Ct)).Status.ShouldBe(404);
        (await Platform.Database.ScalarAsync("SELECT count(*) FROM knowledge.evaluation_questions WHERE question_id = 'lamp'", Ct)).ShouldBe(0L);
    }

    [Fact]
    public async Task Two_evaluations_are_compared_by_the_questions_they_share()
    {
        var store = await Api.StoreAsync(Offline, Documents, Ct);
        var questions = Documents.Select((document, index) => new { id = $"{index}", query = document.Text[..30], relevant = new[] { new { filename = document.Name } } }).ToList();
        var good = await Api.StartAsync(new { vector_store_id = store, questions }, Ct);
        // Nothing passes such a threshold.
        var bad = await Api.StartAsync(new { vector_store_id = store, questions = questions.Skip(1), settings = new { ranking_options = new { score_threshold = 1 } } }, Ct);
        await Api.CompletedAsync(good, Ct);
        (await Api.CompletedAsync(bad, Ct)).GetProperty("metrics").GetProperty("unanswered").GetInt32().ShouldBe(2);

        var comparison = (await Api.GetAsync($"api/evaluations/{good}/comparison?with={bad}", Ct)).Ok;

        (comparison.GetProperty("shared_questions").GetInt32(), comparison.GetProperty("only_in_this").GetInt32(), comparison.GetProperty("only_in_other").GetInt32()).ShouldBe((2, 1, 0));
        var recall = comparison.GetProperty("metrics").EnumerateArray().Single(metric => metric.GetProperty("name").GetString() == "recall_at_1");
        (recall.GetProperty("this").GetDouble(), recall.GetProperty("other").GetDouble(), recall.GetProperty("difference").GetDouble()).ShouldBe((1, 0, 1));
        recall.GetProperty("p_value").GetDouble().ShouldBe(0.5, 0.05);
        comparison.GetProperty("better").GetArrayLength().ShouldBe(2);
        comparison.GetProperty("worse").GetArrayLength().ShouldBe(0);
        (await Api.GetAsync($"api/evaluations/{bad}/comparison?with={good}", Ct)).Ok.GetProperty("worse").GetArrayLength().ShouldBe(2);

        var other = await Api.StartAsync(new { vector_store_id = store, questions = new[] { new { query = "Something else?", relevant = new[] { new { quote = "else" } } } } }, Ct);
        await Api.CompletedAsync(other, Ct);
        var nothing = await Api.GetAsync($"api/evaluations/{good}/comparison?with={other}", Ct);
        (nothing.Status, nothing.Code).ShouldBe((409, "nothing_to_compare"));
        (await Api.GetAsync($"api/evaluations/{good}/comparison", Ct)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task What_is_wrong_with_a_question_is_said_by_its_place()
    {
        var store = await Api.StoreAsync(Offline, [Documents[0], ("twice.txt", "One text."), ("twice.txt", "Another text.")], Ct);

        var invalid = await AskAsync(new { query = "", relevant = new[] { new { filename = "lighthouse.txt" } } });
        (invalid.Status, invalid.Code).ShouldBe((400, "invalid_value"));
        invalid.Json.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("questions[1].query");
        var unknown = await AskAsync(new { query = "A?", relevant = new object[] { new { quote = "words" }, new { filename = "no-such.txt" } } });
        (unknown.Status, unknown.Code).ShouldBe((400, "unknown_file"));
        unknown.Json.GetProperty("detail").GetString()!.ShouldContain("questions[1].relevant[1].filename");
        (await AskAsync(new { query = "A?", relevant = new[] { new { filename = "twice.txt" } } })).Code.ShouldBe("ambiguous_filename");
        (await AskAsync(new { query = "Where is it?", relevant = new[] { new { quote = "words" } } })).Code.ShouldBe("duplicate_question");
        var settings = await Api.PostAsync("api/evaluations", new { vector_store_id = store, questions = new[] { Good() }, settings = new { max_num_results = 51 } }, Ct);
        settings.Json.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("settings.max_num_results");
        var filter = await Api.PostAsync("api/evaluations", new { vector_store_id = store, questions = new[] { Good() }, settings = new { filters = new { type = "like", key = "k", value = "v" } } }, Ct);
        filter.Json.GetProperty("detail").GetString()!.ShouldContain("settings.filters.type");

        Task<Reply> AskAsync(object second) => Api.PostAsync("api/evaluations", new { vector_store_id = store, questions = new[] { Good(), second } }, Ct);

        static object Good() => new { query = "Where is it?", relevant = new[] { new { filename = "lighthouse.txt" } } };
    }

    [Fact]
    public async Task An_evaluation_that_is_cancelled_asks_no_more()
    {
        var store = await Api.StoreAsync(FakeModel, Documents, Ct);
        Vendor.Standing = FakeDirective.Parse("headers=100");
        try
        {
            var id = await Api.StartAsync(new { vector_store_id = store, questions = Many(400) }, Ct);
            await Api.EvaluationAsync(id, evaluation => evaluation.GetProperty("asked").GetInt32() > 0, Ct);

            var cancelled = (await Api.PostAsync($"api/evaluations/{id}/cancel", null, Ct)).Ok;

            cancelled.GetProperty("status").GetString().ShouldBe("cancelled");
            cancelled.GetProperty("asked").GetInt32().ShouldBeInRange(1, 399);
            cancelled.TryGetProperty("metrics", out _).ShouldBeFalse();
            // Once more is as good as once; what has ended otherwise cannot be cancelled.
            (await Api.PostAsync($"api/evaluations/{id}/cancel", null, Ct)).Status.ShouldBe(200);
            // Whoever had it in hand finds out, and asks no more.
            await EventuallyAsync(async () =>
            {
                var calls = VendorCalls.Count;
                await Task.Delay(400, Ct);
                return calls == VendorCalls.Count ? "silence" : null;
            });
            (await Api.GetAsync($"api/evaluations/{id}", Ct)).Ok.GetRawText().ShouldBe(cancelled.GetRawText());
            (await Api.GetAsync($"api/evaluations/{id}/results?order=desc&limit=1", Ct)).Ok.GetProperty("data")[0].TryGetProperty("hits", out _).ShouldBeFalse();
        }
        finally
        {
            Vendor.Standing = null;
        }
    }

    [Fact]
    public async Task A_store_that_goes_ends_the_evaluation_with_the_reason()
    {
        var store = await Api.StoreAsync(Offline, [Documents[0]], Ct);
        var id = await Api.StartAsync(new { vector_store_id = store, questions = Many(3000) }, Ct);
        await Api.DeleteAsync($"v1/vector_stores/{store}", Ct);

        var evaluation = await Api.EvaluationAsync(id, _ => false, Ct);

        // Rather than with questions that a store which is gone has no answers to.
        (evaluation.GetProperty("status").GetString(), evaluation.GetProperty("error").GetProperty("code").GetString()).ShouldBe(("failed", "not_found"));
    }

    private static IEnumerable<object> Many(int count) =>
        Enumerable.Range(0, count).Select(i => new { id = $"many-{i}", query = $"What about number {i}?", relevant = new[] { new { filename = "lighthouse.txt" } } });
}
