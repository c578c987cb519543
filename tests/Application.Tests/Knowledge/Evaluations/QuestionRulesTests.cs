using AiPlatform.Application.Knowledge.Evaluations;
using FluentValidation.Results;

namespace AiPlatform.Application.Tests.Knowledge.Evaluations;

public sealed class QuestionRulesTests
{
    private static readonly RelevantPassage Answer = new() { Filename = "a.txt" };

    [Fact]
    public void Questions_with_files_places_and_quotes_are_taken() => Check(
        new() { Query = "A?", Relevant = [Answer, new() { FileId = "file-1", Start = 0, End = 5, Grade = 2 }, new() { Quote = "words" }] },
        new() { Id = "b", Query = "A?", Relevant = [Answer] }).ShouldBeEmpty();

    [Fact]
    public void What_is_wrong_is_named_by_its_place()
    {
        PlacesOf(new QuestionRequest { Query = "Good?", Relevant = [Answer] }, new() { Query = " ", Relevant = [Answer] }).ShouldBe(["questions[1].query"]);
        PlacesOf(new QuestionRequest { Query = "A?" }).ShouldBe(["questions[0].relevant"]);
        PlacesOf(With(new())).ShouldBe(["questions[0].relevant[1]"]);
        PlacesOf(With(new() { FileId = "file-1", Filename = "a.txt" })).ShouldBe(["questions[0].relevant[1]"]);
        PlacesOf(With(new() { Filename = "a.txt", Start = 5 })).ShouldBe(["questions[0].relevant[1].start"]);
        PlacesOf(With(new() { Filename = "a.txt", Start = 5, End = 5 })).ShouldBe(["questions[0].relevant[1].start"]);
        PlacesOf(With(new() { Filename = "a.txt", Start = 5, End = 9, Quote = "x" })).ShouldBe(["questions[0].relevant[1].quote"]);
        PlacesOf(With(new() { Quote = "\u00AD " })).ShouldBe(["questions[0].relevant[1].quote"]);
        PlacesOf(With(new() { Filename = "a.txt", Grade = 0 })).ShouldBe(["questions[0].relevant[1].grade"]);
        PlacesOf(With(new() { Filename = "a.txt", Grade = double.NaN })).ShouldBe(["questions[0].relevant[1].grade"]);
        PlacesOf([null!]).ShouldBe(["questions[0]"]);
        PlacesOf().ShouldBe(["questions"]);
    }

    [Fact]
    public void The_same_question_twice_would_be_counted_twice()
    {
        var twice = Check(new() { Id = "a", Query = "A?", Relevant = [Answer] }, new() { Id = "a", Query = "B?", Relevant = [Answer] });
        twice.ShouldHaveSingleItem().PropertyName.ShouldBe("questions[1].id");
        twice[0].CustomState.ShouldBe("duplicate_question");
        PlacesOf(new QuestionRequest { Query = "A?", Relevant = [Answer] }, new() { Query = "A?", Relevant = [Answer] }).ShouldBe(["questions[1].query"]);
        // The first question goes by q1 already.
        PlacesOf(new QuestionRequest { Query = "A?", Relevant = [Answer] }, new() { Id = "q1", Query = "B?", Relevant = [Answer] }).ShouldBe(["questions[1].id"]);
    }

    [Fact]
    public void Of_many_faults_the_first_are_named() => Check([.. Enumerable.Repeat(new QuestionRequest(), 500)]).Count.ShouldBe(20);

    private static QuestionRequest With(RelevantPassage relevant) => new() { Query = "A?", Relevant = [Answer, relevant] };

    private static IEnumerable<string> PlacesOf(params QuestionRequest[] questions) => Check(questions).Select(failure => failure.PropertyName);

    private static List<ValidationFailure> Check(params QuestionRequest[] questions) =>
        new CreateEvaluationValidator().Validate(new CreateEvaluation { VectorStoreId = "vs_1", Questions = questions }).Errors;
}
