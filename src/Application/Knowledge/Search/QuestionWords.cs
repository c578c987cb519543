namespace AiPlatform.Application.Knowledge.Search;

/// <summary>Takes away what only makes a question of it: "What is the capital of Sweden?" becomes "capital of Sweden". Knows the beginnings of questions in a few languages.</summary>
internal static class QuestionWords
{
    private const string Marks = "?？؟¿!.";

    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "who", "whom", "whose", "what", "what's", "when", "where", "why", "which", "how", "is", "are", "was", "were", "do", "does", "did", "can", "could", "should", "would", "will",
        "please", "tell", "me", "show", "find", "explain", "i", "we", "you", "the", "a", "an", "there", "about", "many", "much",
        "wer", "was", "wann", "wo", "warum", "wie", "welche", "welcher", "welches", "ist", "sind", "war", "waren", "bitte", "kann", "ich", "der", "die", "das", "ein", "eine", "viele", "viel",
        "qui", "que", "quoi", "quand", "où", "pourquoi", "comment", "quel", "quelle", "quels", "quelles", "est", "sont", "était", "le", "la", "les", "un", "une", "est-ce", "combien", "de",
        "quién", "qué", "cuándo", "dónde", "cómo", "cuál", "cuáles", "cuánto", "cuántos", "es", "son", "era", "el", "los", "las",
        "chi", "che", "cosa", "quando", "dove", "perché", "come", "quale", "quali", "è", "sono", "il", "lo", "gli",
        "vem", "vad", "när", "var", "varför", "hur", "vilken", "är",
    };

    public static string Strip(string query)
    {
        var words = query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim(Marks.ToCharArray())).Where(word => word.Length > 0).ToList();
        var first = words.FindIndex(word => !Words.Contains(word));
        // Nothing but question words is a question about them.
        return first < 0 ? query : string.Join(' ', words.Skip(first));
    }
}
