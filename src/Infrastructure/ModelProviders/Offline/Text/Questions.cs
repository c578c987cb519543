namespace AiPlatform.Infrastructure.ModelProviders.Offline.Text;

/// <summary>Tells the question in a message from the text around it.</summary>
internal static class Questions
{
    private const int ShortMessage = 30;
    private const int MostTogether = 3;

    private static readonly HashSet<string> Interrogatives =
    [
        "who", "whom", "whose", "what", "whats", "when", "where", "why", "which", "how", "is", "are", "was", "were", "do", "does", "did", "can", "could", "should", "would",
        "wer", "wann", "wo", "warum", "wie", "welche", "welcher", "qui", "quand", "ou", "pourquoi", "comment", "quel", "quelle",
        "quien", "que", "cuando", "donde", "como", "cual", "cuanto",
    ];

    private static readonly HashSet<string> Requests =
    [
        "tell", "explain", "describe", "define", "list", "translate", "compare", "write", "give", "find", "show", "please", "summarize", "summarise", "quote",
    ];

    private static readonly HashSet<string> Summaries =
    [
        "summarize", "summarise", "summary", "tldr", "gist", "overview", "zusammenfassung", "zusammenfassen", "resume", "resumen", "resumer", "सारांश", "संक्षेप",
    ];

    // These make a question wherever they stand: their languages do not put them first.
    private static readonly string[] Anywhere =
    [
        "क्या", "कौन", "किस", "कब", "कहां", "कहाँ", "क्यों", "कैसे", "कितन", "बताओ", "बताइ", "बताएं", "समझाइ", "什么", "甚麼", "谁", "誰", "哪", "多少", "为什么", "怎么", "何", "どこ", "いつ", "なぜ",
    ];

    private static readonly HashSet<string> Labels = ["question", "query", "q", "प्रश्न", "सवाल", "frage", "pregunta", "问题", "質問"];

    /// <summary>The question of the last user message, which may be empty, and the sentences that are not part of it.</summary>
    public static (string Question, List<Sentence> Others) Find(List<Sentence> message)
    {
        var (first, last) = Locate(message);
        if (last < first) return ("", message);
        var question = string.Join(' ', message[first..(last + 1)].Select(sentence => sentence.Text));
        return (question, [.. message[..first], .. message[(last + 1)..]]);
    }

    public static bool IsQuestion(Sentence sentence)
    {
        if (sentence.Label is { } label && Labels.Contains(label)) return true;
        var text = sentence.Text.TrimEnd('"', '\'', '”', '’', ')', '»', '*', '_', ' ');
        if (text.Length == 0) return false;
        if (SentenceSplitter.IsQuestionMark(text[^1])) return true;
        var words = Words.Of(text);
        if (words.Count is 0 or > ShortMessage) return false;
        if (Requests.Contains(words[0]) && !text.AsSpan(0, Math.Min(text.Length, words[0].Length + 1)).Contains(':')) return true;
        if (text[^1] is '.' or '।' or '。' or '!' or ':') return false;
        return Interrogatives.Contains(words[0]) || Array.Exists(Anywhere, word => text.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>Whether no single fact is asked for, but what the text is about.</summary>
    public static bool AsksForSummary(string question) => question.Length == 0 || Words.Of(question).Exists(Summaries.Contains);

    private static (int First, int Last) Locate(List<Sentence> message)
    {
        var labelled = message.FindLastIndex(sentence => sentence.Label is { } label && Labels.Contains(label));
        if (labelled >= 0) return (labelled, labelled);

        var end = message.Count - 1;
        if (end >= 0 && IsQuestion(message[end])) return (Backwards(message, end), end);
        if (end > 0 && IsQuestion(message[0])) return (0, Forwards(message));
        var inside = message.FindLastIndex(IsQuestion);
        if (inside >= 0) return (Backwards(message, inside), inside);

        if (message.Sum(sentence => Words.Of(sentence.Text).Count) <= ShortMessage) return (0, end);
        if (message[0].Text.EndsWith(':')) return (0, 0);
        var alone = message[end].Paragraph != message[end - 1].Paragraph && Words.Of(message[end].Text).Count <= ShortMessage / 2;
        return alone ? (end, end) : (0, -1);
    }

    private static int Backwards(List<Sentence> message, int last)
    {
        var first = last;
        while (first > 0 && last - first < MostTogether - 1 && message[first - 1].Paragraph == message[last].Paragraph && IsQuestion(message[first - 1])) first--;
        return first;
    }

    private static int Forwards(List<Sentence> message)
    {
        var last = 0;
        while (last + 1 < Math.Min(message.Count, MostTogether) && message[last + 1].Paragraph == message[0].Paragraph && IsQuestion(message[last + 1])) last++;
        return last;
    }
}
