using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Infrastructure.ModelProviders.Offline.Text;

namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>
/// A conversation as the offline model reads it: the last question, and everything the developer, the user and the tools said besides.
/// </summary>
/// <param name="Question">Empty where text was given without asking anything of it.</param>
/// <param name="EarlierQuestion">The user's question before, for a follow-up that says too little itself.</param>
/// <param name="Sentences">What may be quoted.</param>
/// <param name="LatestResults">Those of <paramref name="Sentences"/> that tools gave since the question: the answer is expected there.</param>
/// <param name="TextGiven">Whether there was text to answer from, as opposed to greetings and instructions.</param>
/// <param name="Prefill">What the answer begins with already: the text of a last message by the assistant.</param>
/// <param name="Unreadable">Kinds of content that the question came with and that are not text.</param>
internal sealed record OfflinePrompt(
    string Question,
    string EarlierQuestion,
    IReadOnlyList<Sentence> Sentences,
    IReadOnlyList<Sentence> LatestResults,
    bool TextGiven,
    string Prefill,
    IReadOnlyList<string> Unreadable)
{
    /// <summary>Whether documents were searched for the answer: then it is to be quoted from what was found there, and from nothing else.</summary>
    public bool DocumentsGiven { get; private init; }

    // Fewer words than these are an instruction ("You are a helpful assistant.") or small talk, not a text to ask about.
    private const int InstructionWords = 40;
    private const int RemarkWords = 8;

    public static OfflinePrompt Read(ChatCompletionRequest request)
    {
        var messages = request.Messages;
        var asked = LastIndex(messages, "user");
        if (asked >= 0 && GivenPassages.Read(MessageText.Of(messages[asked].Content)) is { } given) return OfDocuments(messages, asked, given);
        var sentences = new List<Sentence>();
        var results = new List<Sentence>();
        var (question, earlier, textGiven) = ("", "", false);
        for (var i = 0; i < messages.Count; i++)
        {
            var text = MessageText.Of(messages[i].Content);
            if (text.Length == 0 || messages[i].Role == "assistant") continue;
            var isResult = messages[i].Role is "tool" or "function";
            var read = Passages.Read(isResult ? ToolResultText.Of(text) : text, sentences.Count == 0 ? 0 : sentences[^1].Paragraph + 1);
            if (messages[i].Role == "user")
            {
                if (i == asked) (question, read) = Questions.Find(read);
                else if (read.FindLast(Questions.IsQuestion) is { } before) earlier = before.Text;
                read.RemoveAll(Questions.IsQuestion);
            }

            if (isResult && i > asked) results.AddRange(read);
            textGiven |= isResult ? read.Count > 0 : WordsIn(read) >= (messages[i].Role == "user" ? RemarkWords : InstructionWords);
            sentences.AddRange(read);
        }

        return new OfflinePrompt(question, earlier, Distinct(sentences), results, textGiven, PrefillOf(messages), UnreadableIn(messages, asked));
    }

    private static OfflinePrompt OfDocuments(IReadOnlyList<ChatMessage> messages, int asked, GivenMessage given)
    {
        var sentences = new List<Sentence>();
        foreach (var passage in given.Passages)
            sentences.AddRange(Passages.Read(passage.Text, sentences.Count == 0 ? 0 : sentences[^1].Paragraph + 1).Select(sentence => sentence with { Passage = passage.Number }));
        var (question, rest) = Questions.Find(Passages.Read(given.Text));
        if (question.Length == 0) question = string.Join(' ', rest.Select(sentence => sentence.Text));
        var before = LastIndex([.. messages.Take(asked)], "user");
        var earlier = before < 0 ? "" : Passages.Read(MessageText.Of(messages[before].Content)).FindLast(Questions.IsQuestion)?.Text ?? "";
        return new OfflinePrompt(question, earlier, Distinct(sentences), [], TextGiven: true, PrefillOf(messages), UnreadableIn(messages, asked)) { DocumentsGiven = true };
    }

    private static string PrefillOf(IReadOnlyList<ChatMessage> messages) => messages.Count > 0 && messages[^1].Role == "assistant" ? MessageText.Of(messages[^1].Content) : "";

    private static IReadOnlyList<string> UnreadableIn(IReadOnlyList<ChatMessage> messages, int asked) => asked < 0 ? [] : [.. MessageText.Unreadable(messages[asked].Content).Distinct()];

    private static int LastIndex(IReadOnlyList<ChatMessage> messages, string role)
    {
        var index = messages.Count - 1;
        while (index >= 0 && messages[index].Role != role) index--;
        return index;
    }

    private static int WordsIn(List<Sentence> sentences) => sentences.Sum(sentence => Words.Of(sentence.Text).Count);

    // A text pasted twice, or fetched again by a tool, is quoted once.
    private static List<Sentence> Distinct(List<Sentence> sentences) => [.. sentences.DistinctBy(sentence => sentence.Text)];
}
