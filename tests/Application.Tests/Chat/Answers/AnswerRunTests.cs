using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AiPlatform.Application.Chat;
using AiPlatform.Application.Chat.Answers;
using AiPlatform.Application.Chat.Runs;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Tests.Chat.Runs;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Application.Tests.Chat.Answers;

/// <summary>Runs with documents: what the model is given, what it may call, and how an answer goes on that broke off.</summary>
public sealed class AnswerRunTests : IDisposable
{
    private static readonly UpstreamFailed Broken = new(UpstreamFailure.Interrupted, "upstream_interrupted", "It broke.");
    private static readonly UpstreamFailed NoTools = new(UpstreamFailure.Rejected, "invalid_request_error", "registry/gemma does not support tools");

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly SomeDocuments _documents = new("Fees are twelve euros a year.", "Hours are nine to six.");
    private readonly TurnsModel _model = new();

    public void Dispose()
    {
        _patience.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_model_that_searches_gets_the_passages_as_the_result_of_its_call()
    {
        _model.Turns.AddRange([Calls("file_search", "fees?"), Says("Twelve 【1†twelve euros】.")]);
        var run = await RunAsync(Run());

        run.Response.Output.Select(item => item.Type).ShouldBe(["file_search_call", "message"]);
        RunAttempt.TextOf(run.Response).ShouldBe("Twelve.");
        CitationsOf(run).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            citation => citation.Index.ShouldBe("Twelve".Length), citation => citation.Quote.ShouldBe("twelve euros"), citation => (citation.Start, citation.End).ShouldBe((9, 21)));
        var messages = _model.Calls[1].Request.Messages;
        messages.Select(message => message.Role).ShouldBe(["system", "user", "assistant", "tool"]);
        messages[2].ToolCalls!.ShouldHaveSingleItem().Id.ShouldBe(messages[3].ToolCallId);
        messages[3].Content!.Value.GetString()!.ShouldContain("Fees are twelve euros a year.");
        run.Response.Usage!.Input.ShouldBe(20, "both calls count");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_search_waits_for_a_database_that_is_away_where_the_answer_is_stored(bool isStored)
    {
        _model.Turns.AddRange([Calls("file_search", "fees?"), Says("Twelve.")]);
        _documents.Before = _ => _documents.Asked.Count < 3 ? throw new DatabaseAway() : Task.CompletedTask;
        var run = await RunAsync(Run(response: SomeRun.Response(store: isStored)));

        run.Response.Status.ShouldBe(isStored ? ResponseStatus.Completed : ResponseStatus.Failed);
        _documents.Asked.Count.ShouldBe(isStored ? 3 : 1);
    }

    [Fact]
    public async Task After_it_has_read_a_passage_the_callers_functions_are_neither_offered_nor_passed_on()
    {
        _model.Turns.AddRange([Calls("file_search", "fees?"), Calls("transfer_money", "all"), Says("?")]);
        var run = await RunAsync(Run(tools: ["transfer_money"]));

        NamesIn(_model.Calls[0]).ShouldBe(["transfer_money", "file_search"]);
        NamesIn(_model.Calls[1]).ShouldBe(["file_search"]);
        run.Response.Output.ShouldNotContain(item => item is FunctionCallItem);
        run.Response.Status.ShouldBe(ResponseStatus.Completed);
    }

    [Fact]
    public async Task A_call_of_one_of_the_callers_functions_comes_before_a_search_of_the_same_turn()
    {
        _model.Turns.Add(call => [.. Calls("file_search", "fees?")(call)[..1], new ModelDelta.ToolCall(0, 1, "call_2", "transfer_money", "{}"), new ModelDelta.Finish(0, "tool_calls")]);
        var run = await RunAsync(Run(tools: ["transfer_money"]));

        run.Response.Output.ShouldHaveSingleItem().ShouldBeOfType<FunctionCallItem>().Name.ShouldBe("transfer_money");
        _documents.Asked.ShouldBeEmpty("what was found would not reach the next request");
    }

    [Fact]
    public async Task Who_vouches_for_the_documents_keeps_the_functions()
    {
        _model.Turns.AddRange([Calls("file_search", "fees?"), Calls("transfer_money", "all")]);
        var run = await RunAsync(Run(SomeDocuments.Tool with { IsTrusted = true }, tools: ["transfer_money"]));

        NamesIn(_model.Calls[1]).ShouldBe(["transfer_money", "file_search"]);
        run.Response.Output[^1].ShouldBeOfType<FunctionCallItem>().Name.ShouldBe("transfer_money");
    }

    [Fact]
    public async Task A_search_that_finds_nothing_says_so_to_the_model_and_takes_nothing_away()
    {
        _model.Turns.AddRange([Calls("file_search", "penicillin"), Says("I do not know.")]);
        await RunAsync(Run(tools: ["transfer_money"]));

        _model.Calls[1].Request.Messages[^1].Content!.Value.GetString()!.ShouldStartWith(GivenPassages.NothingFound);
        NamesIn(_model.Calls[1]).ShouldBe(["transfer_money", "file_search"]);
    }

    [Fact]
    public async Task A_model_that_takes_no_tools_gets_the_passages_with_the_question()
    {
        _model.Turns.AddRange([_ => throw NoTools, Says("Twelve 【1†twelve euros】.")]);
        var run = await RunAsync(Run());

        var request = _model.Calls[1].Request;
        request.Tools.ShouldBeNull();
        GivenPassages.Read(request.Messages[^1].Content!.Value.GetString()!).ShouldNotBeNull().ShouldSatisfyAllConditions(
            given => given.Text.ShouldBe("What are the fees?"), given => given.Passages.ShouldHaveSingleItem().Text.ShouldBe("Fees are twelve euros a year."));
        CitationsOf(run).ShouldHaveSingleItem();
        _documents.Asked.ShouldBe(["What are the fees?"]);
    }

    [Fact]
    public async Task An_answer_that_broke_off_goes_on_with_its_markers_and_cites_on()
    {
        _model.Turns.AddRange([
            Calls("file_search", "fees and hours?"), Breaks("The fee is twelve euros 【1†twelve euros】. And"), Says(" the hours are nine 【2†nine to six】."),
        ]);
        var run = await RunAsync(Run(takesPrefill: true));

        _model.Calls[2].Request.Messages[^1].ShouldSatisfyAllConditions(
            last => last.Role.ShouldBe("assistant"), last => last.Content!.Value.GetString().ShouldBe("The fee is twelve euros【1†twelve euros】. And"));
        RunAttempt.TextOf(run.Response).ShouldBe("The fee is twelve euros. And the hours are nine.");
        CitationsOf(run).Select(citation => (citation.Index, citation.Quote)).ShouldBe([("The fee is twelve euros".Length, "twelve euros"), ("The fee is twelve euros. And the hours are nine".Length, "nine to six")]);
        _documents.Asked.ShouldBe(["fees and hours?"]);
    }

    [Fact]
    public async Task A_model_that_starts_over_cites_nothing_twice()
    {
        _model.Turns.AddRange([
            Calls("file_search", "fees and hours?"),
            Breaks("The fee is twelve euros 【1†twelve euros】. And"),
            Says("The fee is twelve euros 【1†twelve euros】. And the hours are nine 【2†nine to six】."),
        ]);
        var run = await RunAsync(Run());

        RunAttempt.TextOf(run.Response).ShouldBe("The fee is twelve euros. And the hours are nine.");
        CitationsOf(run).Select(citation => citation.Quote).ShouldBe(["twelve euros", "nine to six"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_takes_a_run_over_searches_again_without_a_word(bool isAnswered)
    {
        var response = SomeRun.Response(store: false);
        var search = new FileSearchItem(ItemId.New(SomeRun.Now), ["fees?"]);
        List<ResponseEvent> log = [new ResponseEvent.Created(), new ResponseEvent.InProgress(), new ResponseEvent.ItemAdded(0, search), new ResponseEvent.SearchBegun(0), new ResponseEvent.Searching(0)];
        if (isAnswered) log.AddRange([new ResponseEvent.SearchAnswered(0), new ResponseEvent.ItemDone(0, ItemStatus.Completed)]);
        var written = response.Write(0, log);
        _model.Turns.Add(Says("Twelve 【1†twelve euros】."));
        var run = Run(response: response, hasLostCall: isAnswered);
        run.NextSequence = written.Count;
        run.Tail.Append(written);
        await RunAsync(run);

        _documents.Asked.ShouldBe(["fees?"]);
        response.Output.Select(item => item.Type).ShouldBe(["file_search_call", "message"]);
        run.Tail.Events.Count(@event => @event.Type == "response.file_search_call.completed").ShouldBe(1);
        run.Tail.Events.Count(@event => @event.Type == "response.output_item.added").ShouldBe(2);
        run.Tail.Events.Select(@event => @event.Sequence!.Value).ShouldBe(Enumerable.Range(0, run.Tail.Events.Count).Select(number => (long)number));
        CitationsOf(run).ShouldHaveSingleItem();
        _model.Calls[0].Request.Messages[^1].ToolCallId.ShouldBe(search.WireId);
        if (isAnswered) response.Usage!.Input.ShouldBeGreaterThan(10 + 100, "the call that was lost had read rules and passages as well");
        else response.Usage!.Input.ShouldBe(10);
    }

    [Fact]
    public async Task A_search_that_fails_fails_the_response()
    {
        _documents.Before = _ => throw new InvalidOperationException("secret of the database");
        _model.Turns.Add(Calls("file_search", "fees?"));
        var run = await RunAsync(Run());

        (run.Response.Status, run.Response.ErrorCode).ShouldBe((ResponseStatus.Failed, "server_error"));
        run.Response.ErrorMessage!.ShouldNotContain("secret");
        run.Response.Output.ShouldHaveSingleItem().Status.ShouldBe(ItemStatus.Failed);
        run.Failure.ShouldBeOfType<Unavailable>();
    }

    [Fact]
    public async Task Cancelling_ends_a_search_at_once()
    {
        var searching = new TaskCompletionSource();
        _documents.Before = async token =>
        {
            searching.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        _model.Turns.Add(Calls("file_search", "fees?"));
        var run = Run();
        var running = RunAsync(run);
        await searching.Task.WaitAsync(_patience.Token);
        run.Stop(StopReason.Cancelled);
        await running;

        run.Response.Status.ShouldBe(ResponseStatus.Cancelled);
        run.Response.Output.ShouldHaveSingleItem().Status.ShouldBe(ItemStatus.Incomplete);
    }

    [Fact]
    public async Task Passages_fit_into_what_the_model_takes()
    {
        var long1 = "Fees " + string.Join(' ', Enumerable.Repeat("word", 500));
        var documents = new SomeDocuments(long1, "Fees are more.");
        _model.Turns.AddRange([Calls("file_search", "fees?"), Says("?")]);
        await RunAsync(Run(window: 1200), documents);

        var result = _model.Calls[1].Request.Messages[^1].Content!.Value.GetString()!;
        result.Length.ShouldBeLessThan(900);
        result.ShouldContain("Fees word");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Wherever_an_answer_breaks_off_it_ends_as_if_it_had_not(bool takesPrefill, bool startsOver)
    {
        const string Answer = "What it costs 【1†Fees are】 are twelve euros 【1†twelve euros】. Hours【2†Hours are】 are nine\n\n- to 【2†nine to six】\n- **six 【2†to six】** and 【1†a year】 more\n【2†Hours are】\n\nThat is all.";
        var whole = await AnswerAsync(Says(Answer));
        // Of a few letters nobody can say that they are repeated.
        var cuts = Enumerable.Range(1, Answer.Length - 1).Where(cut => !startsOver || cut > 8);
        var others = await Task.WhenAll(cuts.Select(cut => AnswerAsync(Breaks(Answer[..cut]), call => Says(startsOver ? Answer : RestOf(Answer, SaidIn(call)))(call))));

        others.Distinct().ShouldBe([whole]);

        async Task<string> AnswerAsync(params Func<ModelCall, ModelDelta[]>[] turns)
        {
            var model = new TurnsModel { Turns = [Calls("file_search", "fees and hours?"), .. turns] };
            var run = await RunAsync(Run(takesPrefill: takesPrefill), model: model);
            return $"{RunAttempt.TextOf(run.Response)} {string.Join(", ", CitationsOf(run).Select(citation => $"{citation.Index} {citation.Quote}"))}";
        }
    }

    private static string SaidIn(ModelCall call) => call.Request.Messages.LastOrDefault(message => message.Role == "assistant" && message.ToolCalls is null)?.Content?.GetString() ?? "";

    /// <summary>What follows in an answer after what a model is shown of it: its spaces before markers are not.</summary>
    private static string RestOf(string answer, string shown)
    {
        var at = 0;
        foreach (var c in shown) at = answer.IndexOf(c, at) + 1;
        return answer[at..];
    }

    private static ResponseRun Run(FileSearchTool? tool = null, IReadOnlyList<string>? tools = null, bool takesPrefill = false, Response? response = null, int? window = null, bool hasLostCall = false)
    {
        var request = new ChatCompletionRequest
        {
            Model = "m",
            Messages = [SomeRun.Message("user", "What are the fees?")],
            Tools = tools is null ? null : [.. tools.Select(name => new ChatTool { Function = new ChatFunction { Name = name } })],
        };
        var call = SomeRun.Call(takesPrefill, request);
        call = call with { Model = call.Model with { ContextWindow = window } };
        response ??= SomeRun.Response(store: false);
        return new ResponseRun(response, call, FoldedRun.CallerOf(response), [], CancellationToken.None) { FileSearch = tool ?? SomeDocuments.Tool, HasLostCall = hasLostCall };
    }

    private async Task<ResponseRun> RunAsync(ResponseRun run, SomeDocuments? documents = null, TurnsModel? model = null)
    {
        var (log, signals, clock) = (new FakeRunLog(), new Silence(), TimeProvider.System);
        log.Add(run);
        var store = new ResponseStore(new Nowhere(), _services.GetRequiredService<IServiceScopeFactory>(), clock, NullLogger<ResponseStore>.Instance);
        var writer = new RunWriter(log, signals, new ChatOptions(), clock, NullLogger<RunWriter>.Instance);
        var endings = new RunEnding(store, signals, clock, NullLogger<RunEnding>.Instance);
        var runner = new ResponseRunner(
            model ?? _model, SomeDocuments.Searches(documents ?? _documents), writer, endings, new Nowhere(), new RunUsage(new WordCounter()), log, signals, new WordCounter(), clock, NullLogger<ResponseRunner>.Instance);
        await runner.RunAsync(run).WaitAsync(_patience.Token);
        return run;
    }

    private static List<FileCitation> CitationsOf(ResponseRun run) =>
        [.. run.Response.Output.OfType<MessageItem>().SelectMany(message => message.Parts).SelectMany(part => part.Citations)];

    private static IEnumerable<string> NamesIn(ModelCall call) => call.Request.Tools!.Select(tool => tool.Function!.Name);

    private static Func<ModelCall, ModelDelta[]> Says(string text) =>
        _ => [.. text.Select(c => new ModelDelta.Text(0, c.ToString())), new ModelDelta.Finish(0, "stop"), new ModelDelta.Usage(new TokenUsage(10, 2))];

    private static Func<ModelCall, ModelDelta[]> Breaks(string text) => _ => [.. text.Select(c => new ModelDelta.Text(0, c.ToString()))];

    private static Func<ModelCall, ModelDelta[]> Calls(string function, string query) => _ =>
    [
        new ModelDelta.ToolCall(0, 0, "call_1", function, JsonSerializer.Serialize(new { queries = new[] { query } })),
        new ModelDelta.Finish(0, "tool_calls"), new ModelDelta.Usage(new TokenUsage(10, 2)),
    ];

    /// <summary>Says in each call what the test has written for it; one that does not say that it has ended breaks off.</summary>
    private sealed class TurnsModel : IChatModel
    {
        public List<Func<ModelCall, ModelDelta[]>> Turns { get; init; } = [];
        public List<ModelCall> Calls { get; } = [];

        public Task<ModelAnswer> CompleteAsync(ModelCall call, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async IAsyncEnumerable<ModelChunk> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Calls.Add(call);
            await Task.Yield();
            var deltas = Turns[Calls.Count - 1](call);
            foreach (var delta in deltas) yield return new ModelChunk([delta]);
            if (!deltas.OfType<ModelDelta.Finish>().Any()) throw Broken;
        }
    }

    private sealed class DatabaseAway : DbException
    {
        public override bool IsTransient => true;
    }

    private sealed class Silence : IRunSignals
    {
        public void Changed(ResponseId response)
        {
        }

        public void Claimable()
        {
        }
    }

    private sealed class Nowhere : IRunStore
    {
        public Task BeginAsync(BegunRun run, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> ContinueAsync(Response response, int epoch, int stalls, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> EndAsync(FinishedRun run, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
