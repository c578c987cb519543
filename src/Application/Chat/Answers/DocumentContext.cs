using System.Text;
using System.Text.Json;
using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>
/// What one answer has from documents so far, and the call that puts it before the model. A model that can call tools searches by itself; another gets the
/// passages with the question. Once it has read a passage, the model is not offered the caller's functions any more: a document could have asked for the call.
/// </summary>
internal sealed class DocumentContext
{
    /// <summary>For models of which nobody knows how much they take.</summary>
    private const int RoomIfUnknown = 24_000;

    private const int MostRoom = 100_000;
    private const int RoomForAnswer = 2_048;
    private const int RoomForRules = 600;

    private readonly ModelCall _first;
    private readonly string _key;
    private readonly List<Search> _searches = [];

    /// <param name="tool">What may be searched.</param>
    /// <param name="first">The call as it would be without documents.</param>
    /// <param name="key">Letters and digits that nobody who wrote a document can know.</param>
    /// <param name="tokens">Measures passages.</param>
    public DocumentContext(FileSearchTool tool, ModelCall first, string key, ITokenCounter tokens)
    {
        (Tool, _first, _key) = (tool, first, key);
        Questions = SearchQuestions.Of(first.Request.Messages);
        FunctionName = (first.Request.Tools ?? []).Any(function => function.Function?.Name == FileSearchTool.Type) ? "search_user_documents" : FileSearchTool.Type;
        Passages = new FoundPassages(text => tokens.Count(first.Model.UpstreamName, text), RoomIn(first, tokens));
    }

    public FileSearchTool Tool { get; }

    /// <summary>What to search for where nobody words it better: the conversation's last question.</summary>
    public IReadOnlyList<string> Questions { get; }

    /// <summary>What the model knows the search by: another name where the caller has a function of this one.</summary>
    public string FunctionName { get; }

    public FoundPassages Passages { get; }

    /// <summary>The model cannot call tools, so the search comes first.</summary>
    public bool SearchesFirst { get; set; }

    public bool MustSearchNow => SearchesFirst && _searches.Count == 0 && Questions.Count > 0;

    private bool MaySearch => !SearchesFirst && _searches.Count < Tool.MostSearches;

    private IReadOnlyList<ChatTool> CallersTools => Passages.Count == 0 || Tool.IsTrusted ? _first.Request.Tools ?? [] : [];

    /// <summary>Takes what a search found.</summary>
    /// <param name="callId">What the model's call is known by.</param>
    /// <param name="saidBefore">What the model said since the search before.</param>
    /// <param name="queries">What was searched for.</param>
    /// <param name="hits">What was found.</param>
    public void Add(string callId, string saidBefore, IReadOnlyList<string> queries, DocumentHits hits)
    {
        var (found, again) = Passages.Add(hits.Hits);
        var result = new StringBuilder();
        if (found.Count == 0 && again.Count == 0) result.Append(GivenPassages.NothingFound);
        if (found.Count > 0) result.Append(GivenPassages.Found);
        Passages.Write(result, _key, found);
        if (again.Count > 0) result.Append(AnswerPrompt.FoundAgain).AppendJoin(", ", again.Distinct().Order()).Append('\n');
        _searches.Add(new Search(callId, saidBefore, queries, result.ToString()));
    }

    /// <summary>The searches that these calls ask for: the queries of each. None where the model called one of the caller's functions: then it is the caller's turn.</summary>
    public IReadOnlyList<IReadOnlyList<string>> SearchesIn(IReadOnlyList<FunctionCallItem> calls)
    {
        if (!MaySearch || calls.Any(call => Offers(call.Name))) return [];
        return [.. calls.Where(call => call.Name == FunctionName).Take(Tool.MostSearches - _searches.Count)
            .Select(call => SearchQuestions.In(call.Arguments)).Select(queries => queries.Count > 0 ? queries : Questions).Where(queries => queries.Count > 0)];
    }

    /// <summary>Whether a function is the caller's, and was the model's to call.</summary>
    public bool Offers(string function) => CallersTools.Any(tool => tool.Function?.Name == function);

    /// <summary>The call as it is to be made now.</summary>
    public ModelCall NextCall()
    {
        var request = _first.Request with { FileSearch = null };
        // A model that may not search again gets all that was found with the question: that ends its searching for certain.
        return _first with { Request = MaySearch ? Searching(request) : Given(request) };
    }

    private static int RoomIn(ModelCall call, ITokenCounter tokens)
    {
        if (call.Model.ContextWindow is not { } window) return RoomIfUnknown;
        var taken = new ContextWindow(tokens).Count(call.Model.UpstreamName, call.Request.Messages) + RoomForRules;
        return Math.Clamp(window - taken - Math.Min(call.Request.OutputLimit ?? RoomForAnswer, window / 4), 0, MostRoom);
    }

    private ChatCompletionRequest Searching(ChatCompletionRequest request)
    {
        List<ChatMessage> messages = WithRules(request.Messages, AnswerPrompt.SearchYourself);
        foreach (var search in _searches)
        {
            messages.Add(new ChatMessage { Role = "assistant", Content = search.SaidBefore.Length == 0 ? null : Json(search.SaidBefore), ToolCalls = [search.ToCall(FunctionName)] });
            messages.Add(new ChatMessage { Role = "tool", ToolCallId = search.CallId, Content = Json(search.Result) });
        }

        return request with
        {
            Messages = messages,
            Tools = [.. CallersTools, AnswerPrompt.Function(FunctionName)],
            // What the caller insists on holds for the first word only: it would go round for ever.
            ToolChoice = _searches.Count > 0 ? null : Tool.IsForced ? Named(FunctionName) : ChoiceOf(request),
        };
    }

    private ChatCompletionRequest Given(ChatCompletionRequest request)
    {
        var tools = CallersTools;
        return request with
        {
            Messages = _searches.Count == 0 ? request.Messages : WithRules(WithPassages(request.Messages), AnswerPrompt.SearchFirst),
            Tools = tools.Count == 0 ? null : tools,
            ToolChoice = tools.Count == 0 || Tool.IsForced ? null : ChoiceOf(request),
            ParallelToolCalls = tools.Count == 0 ? null : request.ParallelToolCalls,
        };
    }

    private static JsonElement? ChoiceOf(ChatCompletionRequest request) => request.ToolChoice is { } choice && FileSearchTool.IsFileSearch(choice) ? null : request.ToolChoice;

    private static List<ChatMessage> WithRules(IReadOnlyList<ChatMessage> messages, string rules)
    {
        // Some models take one system message only, and only in front.
        if (messages is [{ Role: "system" or "developer", Content: { ValueKind: JsonValueKind.String } own } first, ..])
            return [first with { Content = Json($"{own.GetString()}\n\n{rules}") }, .. messages.Skip(1)];
        return [new ChatMessage { Role = "system", Content = Json(rules) }, .. messages];
    }

    /// <summary>With the passages in front of the last question, in the same message: some models refuse two of one role in a row.</summary>
    private List<ChatMessage> WithPassages(IReadOnlyList<ChatMessage> messages)
    {
        var given = new StringBuilder(Passages.Count == 0 ? GivenPassages.NothingFound : GivenPassages.Found);
        Passages.Write(given, _key, Enumerable.Range(1, Passages.Count));
        given.Append(GivenPassages.Question);
        var result = messages.ToList();
        var asked = result.FindLastIndex(message => message.Role == "user");
        if (asked < 0) result.Add(new ChatMessage { Role = "user", Content = Json(given.ToString()) });
        else if (result[asked].Content is { ValueKind: JsonValueKind.Array } parts)
            result[asked] = result[asked] with { Content = JsonSerializer.SerializeToElement(parts.EnumerateArray().Prepend(TextPart(given.ToString()))) };
        else
            result[asked] = result[asked] with { Content = Json($"{given}{result[asked].Content?.GetString()}") };
        return result;
    }

    private static JsonElement TextPart(string text) => JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["type"] = "text", ["text"] = text });

    private static JsonElement Named(string function) =>
        JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["type"] = "function", ["function"] = new Dictionary<string, string> { ["name"] = function } });

    private static JsonElement Json(string text) => JsonSerializer.SerializeToElement(text);

    private sealed record Search(string CallId, string SaidBefore, IReadOnlyList<string> Queries, string Result)
    {
        public ChatToolCall ToCall(string function) => new()
        {
            Id = CallId,
            Function = new ChatFunctionCall { Name = function, Arguments = JsonSerializer.Serialize(new Dictionary<string, IReadOnlyList<string>> { ["queries"] = Queries }) },
        };
    }
}
