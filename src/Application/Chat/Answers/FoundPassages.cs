using System.Text;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Application.Chat.Answers;

/// <summary>The passages found for one answer, numbered from 1 over all its searches, and the check of what is said to stand in them.</summary>
/// <param name="sizeOf">The size of a text in tokens.</param>
/// <param name="room">How many tokens there is room for.</param>
internal sealed class FoundPassages(Func<string, int> sizeOf, int room)
{
    /// <summary>The best passage is shown in part rather than not at all.</summary>
    private const int LeastRoom = 100;

    private readonly List<Passage> _passages = [];
    private readonly List<FileId> _files = [];
    private int _room = room;

    public int Count => _passages.Count;

    /// <summary>Takes what a search found, as far as there is room, and returns the numbers of what is new and of what was there before.</summary>
    /// <param name="hits">Best first.</param>
    public (IReadOnlyList<int> New, IReadOnlyList<int> Again) Add(IReadOnlyList<DocumentHit> hits)
    {
        var (added, again) = (new List<int>(), new List<int>());
        foreach (var hit in hits)
        {
            if (_passages.Find(passage => passage.Covers(hit)) is { } known) again.Add(known.Number);
            else if (Fitting(hit) is { } fitting)
            {
                _passages.Add(new Passage(_passages.Count + 1, FileIndexOf(hit.FileId), fitting));
                added.Add(_passages.Count);
            }
            else break;
        }

        return (added, again);
    }

    private DocumentHit? Fitting(DocumentHit hit)
    {
        var size = sizeOf(hit.Text) + Passage.Frame;
        if (size > _room)
        {
            if (_passages.Count > 0 || _room < LeastRoom) return null;
            // A token has one letter at least.
            var end = Math.Min(hit.Text.Length, _room - Passage.Frame);
            hit = hit with { Text = hit.Text[..(char.IsHighSurrogate(hit.Text[end - 1]) ? end - 1 : end)] };
            size = _room;
        }

        _room -= size;
        return hit;
    }

    private int FileIndexOf(FileId file)
    {
        if (!_files.Contains(file)) _files.Add(file);
        return _files.IndexOf(file);
    }

    public void Write(StringBuilder into, string key, IEnumerable<int> numbers)
    {
        foreach (var passage in numbers.Select(number => _passages[number - 1]))
            GivenPassages.Write(into, key, passage.Number, passage.Hit.Filename, passage.Hit.PageAt(passage.Hit.Start), string.Join(" › ", passage.Hit.Headings), passage.Hit.Text);
    }

    /// <summary>The citation that a claim makes; null where its quote does not stand in that passage.</summary>
    public FileCitation? Check(AnswerPiece.Claim claim)
    {
        if (claim.Passage < 1 || claim.Passage > _passages.Count) return null;
        var passage = _passages[claim.Passage - 1];
        if (passage.Quotable.Find(claim.Quote) is not var (start, end)) return null;
        var hit = passage.Hit;
        return new FileCitation
        {
            FileId = hit.FileId.ToWire(),
            Filename = hit.Filename,
            FileIndex = passage.File,
            VectorStoreId = hit.VectorStoreId.ToWire(),
            Quote = hit.Text[start..end],
            Start = hit.Start + start,
            End = hit.Start + end,
            Page = hit.PageAt(hit.Start + start),
        };
    }

    /// <summary>The marker by which a model would make this citation; empty where its passage is no longer there.</summary>
    public string MarkerOf(FileCitation citation) =>
        _passages.Find(passage => passage.Hit.FileId.ToWire() == citation.FileId && passage.Hit.Start <= citation.Start && citation.End <= passage.Hit.End) is { } passage
            ? $"【{passage.Number}†{string.Join(' ', citation.Quote.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}】"
            : "";

    private sealed class Passage(int number, int file, DocumentHit hit)
    {
        /// <summary>Tokens of the tags around a passage, about.</summary>
        public const int Frame = 40;

        private QuotableText? _quotable;

        public int Number { get; } = number;
        public int File { get; } = file;
        public DocumentHit Hit { get; } = hit;
        public QuotableText Quotable => _quotable ??= new QuotableText(Hit.Text);

        public bool Covers(DocumentHit other) =>
            other.FileId == Hit.FileId && other.VectorStoreId == Hit.VectorStoreId && other.Start >= Hit.Start && other.End <= Hit.End;
    }
}
