using AiPlatform.Application.Chat.Runs;

namespace AiPlatform.Application.Tests.Chat.Runs;

public sealed class GoOnPromptTests
{
    [Theory]
    [InlineData("The library opens at nine and is closed on", "Your last answer")]
    [InlineData("Die Bibliothek öffnet um neun Uhr und ist am", "Deine letzte Antwort")]
    [InlineData("La bibliothèque ouvre à neuf heures et elle n'est pas", "Ta dernière réponse")]
    [InlineData("La biblioteca abre a las nueve y los domingos", "Tu última respuesta")]
    [InlineData("A biblioteca abre às nove e não abre aos domingos, mas também", "A tua última resposta")]
    [InlineData("La biblioteca apre alle nove e la domenica gli orari sono", "La tua ultima risposta")]
    [InlineData("पुस्तकालय सुबह नौ बजे खुलता है और रविवार को", "आपका पिछला उत्तर")]
    [InlineData("நூலகம் காலை ஒன்பது மணிக்கு திறக்கும்", "உங்கள் கடைசி பதில்")]
    [InlineData("Библиотека открывается в девять утра", "Твой последний ответ")]
    [InlineData("تفتح المكتبة في التاسعة صباحًا", "انقطعت إجابتك")]
    [InlineData("图书馆早上九点开门，星期天", "你上一条回答")]
    [InlineData("図書館は朝九時に開館します。日曜日は休館", "直前の回答")]
    [InlineData("도서관은 아침 아홉 시에 문을 열고", "마지막 답변")]
    public void The_model_is_asked_in_the_language_of_its_answer(string answer, string begins) => GoOnPrompt.For(answer).ShouldStartWith(begins);

    [Theory]
    [InlineData("पुस्तकालय का नाम जापानी में としょかん है और वह सुबह नौ बजे खुलता है", "आपका पिछला उत्तर")]
    [InlineData("По-японски библиотека называется としょかん, а по-китайски", "Твой последний ответ")]
    [InlineData("The Russian word is библиотека, and that is", "Your last answer")]
    [InlineData("पुस्तकालय (library) सुबह नौ बजे खुलता है और रविवार को बंद रहता है", "आपका पिछला उत्तर")]
    [InlineData("「图书馆」这个词在日语里写作としょかん，在中文里它的意思完全相同，读音却大不一样，因此学习者常常会把两者弄混，尤其是在阅读古代文献和报纸标题的时候", "你上一条回答")]
    public void A_foreign_word_does_not_turn_the_language(string answer, string begins) => GoOnPrompt.For(answer).ShouldStartWith(begins);

    [Theory]
    [InlineData("```csharp\nfor (var i = 0; i < 10; i++) Console.WriteLine(i);")]
    [InlineData("{\"temperature\": 21, \"unit\":")]
    [InlineData("3.14159265358979")]
    [InlineData("📚📚📚")]
    [InlineData("")]
    public void Code_and_numbers_are_continued_in_english(string answer) => GoOnPrompt.For(answer).ShouldStartWith("Your last answer");

    [Fact]
    public void What_counts_is_the_end_of_a_long_answer()
    {
        var english = string.Concat(Enumerable.Repeat("The library opens at nine and that is what it does. ", 100));
        var hindi = string.Concat(Enumerable.Repeat("पुस्तकालय सुबह नौ बजे खुलता है। ", 100));

        GoOnPrompt.For(english + hindi).ShouldStartWith("आपका");
        GoOnPrompt.For(hindi + english).ShouldStartWith("Your");
    }

    [Theory]
    [InlineData("Бібліотека відкривається о дев'ятій ранку", "на том же языке")]
    [InlineData("वाचनालय सकाळी नऊ वाजता उघडते", "उसी भाषा में")]
    [InlineData("کتابخانه ساعت نه صبح باز می‌شود", "باللغة نفسها")]
    public void Where_several_languages_share_a_script_the_answers_own_is_asked_for(string answer, string clause) => GoOnPrompt.For(answer).ShouldContain(clause);
}
