using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>Pages as they arrive, those of one number as one.</summary>
internal sealed class PageList
{
    private readonly List<ExtractedPage> _pages = [];
    private List<ExtractedBlock> _last = [];

    public IReadOnlyList<ExtractedPage> Pages => _pages;

    public void Add(ExtractedPage page)
    {
        if (_pages.Count == 0 || _pages[^1].Number != page.Number)
        {
            _last = [];
            _pages.Add(new ExtractedPage(page.Number, _last) { Label = page.Label });
        }

        _last.AddRange(page.Blocks);
    }
}
