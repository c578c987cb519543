namespace AiPlatform.Infrastructure.ModelProviders.Offline;

/// <summary>What the offline model says of itself.</summary>
internal static class OfflineTexts
{
    private const string HowToConfigure = """
        To talk to a real model, do one of these and start again:

        - set `OPENAI_API_KEY` (and `OPENAI_BASE_URL` for any other server that speaks the OpenAI API)
        - set `ANTHROPIC_API_KEY`
        - run [Ollama](https://ollama.com) on this machine
        """;

    public const string NothingToQuote = $"""
        **No model is configured for this chat.** I am the *offline* model: I need no network and no key, but I cannot think or chat. I only quote from text that you give me, so paste some and ask about it.

        {HowToConfigure}
        """;

    public const string NoAnswerInText = $"""
        The text I was given does not seem to answer that. I am the *offline* model and only quote from given text; try the words the text itself uses.

        {HowToConfigure}
        """;

    public const string NoAnswerInDocuments = $"""
        The documents do not seem to hold the answer to that. I am the *offline* model and only quote from them; try the words the documents themselves use.

        {HowToConfigure}
        """;

    public static string CannotRead(IReadOnlyList<string> kinds) => $"I am the offline model and cannot see {string.Join(" or ", kinds)}: I only read text.";
}
