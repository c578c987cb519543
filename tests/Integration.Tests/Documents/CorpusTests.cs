using AiPlatform.Integration.Tests.Documents.Corpus;

namespace AiPlatform.Integration.Tests.Documents;

/// <summary>Files of every format, healthy and hostile: each ends with its text, or with a reason.</summary>
public sealed class CorpusTests(CorpusTests.Parsed parsed) : IClassFixture<CorpusTests.Parsed>
{
    private static readonly List<CorpusFile> All = [.. Texts.Files, .. Others.Files, .. Offices.Files, .. Pdfs.Files];

    public static TheoryData<string> Names => [.. All.Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_read_or_refused_with_a_reason(string name) => All.Single(file => file.Name == name).Expect(await parsed.OutcomeOf(name));

    /// <summary>All files are on their way at once, as many as the parser takes.</summary>
    public sealed class Parsed : IAsyncLifetime
    {
        private readonly ParserFixture _parser = new(new() { ["Parsers"] = "3", ["CpuSeconds"] = "20", ["MemoryMb"] = "768" });
        private readonly Dictionary<string, Task<ParseOutcome>> _outcomes = [];
        private readonly SemaphoreSlim _few = new(4);

        internal Task<ParseOutcome> OutcomeOf(string name) => _outcomes[name];

        public Task InitializeAsync()
        {
            foreach (var file in All) _outcomes[file.Name] = Task.Run(() => ParseAsync(file));
            return Task.CompletedTask;
        }

        public async Task DisposeAsync()
        {
            await Task.WhenAll(_outcomes.Values);
            await _parser.DisposeAsync();
            _few.Dispose();
        }

        private async Task<ParseOutcome> ParseAsync(CorpusFile file)
        {
            await _few.WaitAsync();
            try
            {
                return await _parser.ParseAsync(file.Make(), file.Filename, CancellationToken.None);
            }
            catch (Exception e)
            {
                return new ParseOutcome(null, e);
            }
            finally
            {
                _few.Release();
            }
        }
    }
}
