using AiPlatform.Application.Knowledge.Search;

namespace AiPlatform.Application.Tests.Knowledge.Search;

public sealed class QuestionWordsTests
{
    [Theory]
    [InlineData("What is the capital of Sweden?", "capital of Sweden")]
    [InlineData("Can you please tell me about holidays?", "holidays")]
    [InlineData("Wie viele Tage Urlaub habe ich?", "Tage Urlaub habe ich")]
    [InlineData("¿Dónde está la torre?", "está la torre")]
    [InlineData("holiday entitlement", "holiday entitlement")]
    [InlineData("who was?", "who was?")]
    [InlineData("瑞典的首都是哪里?", "瑞典的首都是哪里")]
    public void What_only_makes_a_question_of_it_is_taken_away(string question, string words) => QuestionWords.Strip(question).ShouldBe(words);
}
