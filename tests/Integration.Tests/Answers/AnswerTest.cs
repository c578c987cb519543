using System.Text.Json;
using AiPlatform.Application.Knowledge.Contracts;
using AiPlatform.Integration.Tests.Responses;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests.Answers;

/// <summary>A platform with a shelf of documents.</summary>
public class ShelfPlatform : Platform
{
    public DocumentShelf Shelf { get; } = new();

    protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<IDocumentSearch>(Shelf);
}

/// <summary>What tests of answers from documents share: a small library, and ways to ask.</summary>
public abstract class AnswerTest : ResponseTest
{
    protected const string Fees = """
        Members of the library pay no fee for lending.

        Guests pay 12 euros a year. The fee is due on the first visit.

        Whoever returns a book late pays 20 cents a day.
        """;

    protected const string Hours = """
        The library opens at nine and closes at six.

        On Sundays the library stays closed.
        """;

    protected AnswerTest(ShelfPlatform platform) : base(platform)
    {
        Shelf = platform.Shelf;
        Shelf.Clear();
        FeesFile = Shelf.Add("fees.txt", Fees);
        HoursFile = Shelf.Add("hours.md", Hours);
    }

    protected DocumentShelf Shelf { get; }
    protected ShelvedDocument FeesFile { get; }
    protected ShelvedDocument HoursFile { get; }

    protected object Tool => new { type = "file_search", vector_store_ids = new[] { Shelf.Store } };

    /// <summary>A directive by which the model searches once, for this.</summary>
    protected static string Searching(string query, string more = "") => $"[[fake tool=file_search args={Vendors.Value(JsonSerializer.Serialize(new { queries = new[] { query } }))} {more}]]";

    protected object Ask(string question, string model = Model, bool stream = false) => new { model, input = question, tools = new[] { Tool }, stream };

    protected static List<JsonElement> AnnotationsOf(JsonElement response) =>
    [
        .. response.GetProperty("output").EnumerateArray().Where(item => item.GetProperty("type").GetString() == "message")
            .SelectMany(item => item.GetProperty("content").EnumerateArray()).SelectMany(part => part.GetProperty("annotations").EnumerateArray()),
    ];

    protected static List<string> TypesOf(JsonElement response) => [.. response.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("type").GetString()!)];

    /// <summary>The quote stands in the document where the citation says.</summary>
    protected void ShouldHold(JsonElement citation)
    {
        var document = Shelf[citation.GetProperty("file_id").GetString()!];
        var (start, end) = (citation.GetProperty("start").GetInt32(), citation.GetProperty("end").GetInt32());
        document.Text[start..end].ShouldBe(citation.GetProperty("quote").GetString());
        citation.GetProperty("filename").GetString().ShouldBe(document.Name);
        citation.GetProperty("vector_store_id").GetString().ShouldBe(Shelf.Store);
    }

    protected static void ShouldBeFreeOfMarkers(string text)
    {
        text.ShouldNotContain('【');
        text.ShouldNotContain('】');
        text.ShouldNotContain('†');
    }
}
