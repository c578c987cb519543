using AiPlatform.Domain.Chat;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>A stretch of an answer whose citations have been checked: text to show, or a citation that stands where the text has come to.</summary>
internal readonly record struct CitedPiece(string Text, FileCitation? Citation);

/// <summary>
/// Between a model's words and its readers: takes the markers out, checks what they say against the passages, and lets only true citations through.
/// False ones are dropped, and counted.
/// </summary>
/// <param name="passages">What can be cited.</param>
/// <param name="metrics">Counts citations; null where they are none.</param>
/// <param name="before">What has been said already, where it goes on.</param>
internal sealed class CitedAnswer(FoundPassages passages, AnswerMetrics? metrics, string before = "")
{
    private readonly CitationFilter _filter = new(before);
    private int _malformed;

    public IEnumerable<CitedPiece> Accept(string text) => Checked(_filter.Accept(text));

    /// <summary>Nothing more comes.</summary>
    public IEnumerable<CitedPiece> Flush() => Checked(_filter.Flush());

    private List<CitedPiece> Checked(IReadOnlyList<AnswerPiece> pieces)
    {
        var result = new List<CitedPiece>(pieces.Count);
        foreach (var piece in pieces)
        {
            if (piece is AnswerPiece.Text text) result.Add(new CitedPiece(text.Value, null));
            else if (piece is AnswerPiece.Claim claim)
            {
                var citation = passages.Check(claim);
                metrics?.Cited(citation is null ? "false" : "shown", 1);
                // The same citation twice in one place adds nothing.
                if (citation is not null && !(result is [.., { Citation: { } last }] && last == citation)) result.Add(new CitedPiece("", citation));
            }
        }

        metrics?.Cited("malformed", _filter.Malformed - _malformed);
        _malformed = _filter.Malformed;
        return result;
    }
}
