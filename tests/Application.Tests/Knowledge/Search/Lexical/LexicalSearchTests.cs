using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Application.Knowledge.Search.Ranking;

namespace AiPlatform.Application.Tests.Knowledge.Search.Lexical;

public sealed class LexicalSearchTests
{
    private static readonly LexicalWeights Bare = LexicalWeights.Default with { Ordered = 0, Near = 0, Feedback = 0 };

    [Fact]
    public async Task Chunks_are_ranked_as_BM25_over_all_segments_has_it()
    {
        var random = new Random(5);
        string[] words = [.. Enumerable.Range(0, 40).Select(i => $"word{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}")];
        var texts = Enumerable.Range(0, 120).Select(_ => string.Join(' ', Enumerable.Range(0, 3 + random.Next(40)).Select(_ => words[random.Next(1 + random.Next(words.Length))]))).ToList();
        var index = new MemoryIndex();
        foreach (var some in texts.Chunk(17)) await index.AddSegmentAsync(some);

        foreach (var query in new[] { $"{words[3]} {words[30]}", $"{words[0]} {words[12]} {words[25]}" })
        {
            var hits = (await index.SearchAsync(query, Bare)).Hits;
            var expected = Naive(texts, query.Split(' '));
            hits.Count.ShouldBe(Math.Min(100, expected.Count));
            foreach (var hit in hits) hit.Score.ShouldBe(expected[hit.ChunkId], 1e-5);
            hits.Select(hit => hit.Score).ShouldBe(hits.Select(hit => hit.Score).OrderDescending());
            hits.ShouldAllBe(hit => hit.Relevance > 0 && hit.Relevance <= 1);
            hits[0].Terms.Values.Sum().ShouldBe(hits[0].Score, 1e-5);
        }
    }

    [Fact]
    public async Task The_same_is_found_before_and_after_segments_are_merged()
    {
        var index = await TownsAsync();
        var before = (await index.SearchAsync("oldest university town")).Hits.Select(hit => (hit.ChunkId, Math.Round(hit.Score, 6))).ToList();

        index.MergeAll();

        index.Segments.Count.ShouldBe(1);
        (await index.SearchAsync("oldest university town")).Hits.Select(hit => (hit.ChunkId, Math.Round(hit.Score, 6))).ShouldBe(before);
    }

    [Fact]
    public async Task A_search_begins_anew_when_segments_are_merged_under_it()
    {
        var index = await TownsAsync();
        index.BeforeReading = index.MergeAll;

        (await index.FindAsync("Bologna"))[0].ShouldBe(1);
    }

    [Fact]
    public async Task What_is_gone_is_not_found_and_does_not_crowd_out_what_is_there()
    {
        var index = new MemoryIndex();
        await index.AddSegmentAsync([.. Enumerable.Range(0, 1500).Select(i => i == 700 ? "needle in a large stack of hay and straw" : "needle")]);
        for (var chunk = 1; chunk <= 1500; chunk++)
            if (chunk != 701) index.Gone.Add(chunk);

        (await index.FindAsync("needles")).ShouldBe([701]);
        index.MergeAll();
        (await index.FindAsync("needles")).ShouldBe([701]);
        index.Segments.Single().Chunks.ShouldBe(1);
    }

    [Fact]
    public async Task Only_files_that_are_wanted_are_found()
    {
        var index = await TownsAsync();

        (await index.SearchAsync("town", files: new HashSet<Domain.Knowledge.VectorStoreFileId> { index.FileOf(3) })).Hits.Select(hit => hit.ChunkId).ShouldBe([3]);
        (await index.SearchAsync("town", files: new HashSet<Domain.Knowledge.VectorStoreFileId>())).Hits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Words_that_stand_together_as_they_were_asked_for_say_more_than_the_same_words_apart()
    {
        var index = new MemoryIndex();
        await index.AddSegmentAsync(
            "Apple trees grow in the garden and the pie was eaten by a dog named Rex yesterday evening",
            "Rex the dog has eaten an apple pie yesterday evening and trees grow in the garden named",
            "Nothing of the kind");

        (await index.FindAsync("apple pie")).ShouldBe([2, 1]);
    }

    [Theory]
    [InlineData("北京", 1)]
    [InlineData("首都", 1)]
    [InlineData("タワーの高さ", 2)]
    [InlineData("수도", 3)]
    [InlineData("ประเทศไทย", 4)]
    public async Task Scripts_without_spaces_are_found_by_their_words(string query, long chunk)
    {
        var index = new MemoryIndex();
        await index.AddSegmentAsync("中国的首都是北京。", "東京タワーの高さは333メートルです。", "서울은 한국의 수도입니다.", "กรุงเทพเป็นเมืองหลวงของประเทศไทย", "Nothing here.");

        (await index.FindAsync(query))[0].ShouldBe(chunk);
    }

    [Theory]
    [InlineData("東京タワー")]
    [InlineData("ประเทศไทย")]
    public async Task Pairs_of_one_word_are_neither_near_to_each_other_nor_what_texts_have_in_common(string query)
    {
        var index = new MemoryIndex();
        await index.AddSegmentAsync("東京タワーの高さは333メートルです。", "東京タワーへ行きました。", "กรุงเทพเป็นเมืองหลวงของประเทศไทย", "ประเทศไทยในฤดูร้อน", "Nothing here.");

        (await index.SearchAsync(query)).Hits[0].Score.ShouldBe((await index.SearchAsync(query, Bare)).Hits[0].Score, 1e-9);
    }

    [Theory]
    [InlineData("Konfiguration", "Die Netzwerkkonfiguration ist in dieser Datei.", "Der Drucker ist nicht im Haus.")]
    [InlineData("Verschlüsselung der Festplatten", "Wie die Festplattenverschlüsselung eingerichtet wird.", "Wie der Drucker eingerichtet wird.")]
    [InlineData("näyttö", "Tämä on näyttöjen ja hiiren asetus.", "Se on ja oli tulostin.")]
    [InlineData("beállítás", "A képernyő beállításainak módosítása és mentése.", "Az egér és a nyomtató.")]
    [InlineData("קבצים", "פתיחת הקבצים שנשמרו על המחשב", "הדפסה של תמונה")]
    [InlineData("مستخدمين", "إضافة المستخدمون إلى النظام", "طباعة صورة من هذا")]
    [InlineData("ফাইল", "এই ফাইলগুলির তালিকা", "ছবি মুদ্রণ")]
    [InlineData("കോഡുകൾ", "കോഡുകളുടെ പട്ടിക", "ചിത്രം അച്ചടിക്കുക")]
    public async Task A_word_is_found_in_what_it_is_joined_to(string query, string text, string other)
    {
        var index = new MemoryIndex();
        await index.AddSegmentAsync(other, text);

        var hits = (await index.SearchAsync(query)).Hits;
        hits[0].ChunkId.ShouldBe(2);
        hits[0].Relevance.ShouldBeInRange(0.05, 0.9);
    }

    [Fact]
    public async Task A_word_that_is_there_is_said_whether_its_language_has_pieces_or_not()
    {
        var (german, english) = (new MemoryIndex(), new MemoryIndex());
        await german.AddSegmentAsync("Drucker und Scanner", "Das ist es nicht");
        await english.AddSegmentAsync("Printers and scanners", "That is not it");

        (await german.SearchAsync("Drucker")).Hits[0].Relevance.ShouldBeGreaterThanOrEqualTo((await english.SearchAsync("printers")).Hits[0].Relevance * 0.9);
    }

    [Fact]
    public async Task Texts_of_a_language_with_pieces_do_not_crowd_out_those_of_the_querys()
    {
        var index = new MemoryIndex();
        await index.AddSegmentAsync([.. Enumerable.Range(0, 12).Select(i => $"The number {i} of the passwords is there."), "Die Passwortregeln sind in der Datei und nicht im Schrank.", "The reset of passwords"]);

        (await index.FindAsync("reset password"))[0].ShouldBe(14);
        (await index.FindAsync("password")).IndexOf(13).ShouldBe(13);
    }

    [Fact]
    public async Task A_query_without_words_or_without_any_of_them_there_finds_nothing()
    {
        var index = await TownsAsync();

        (await index.FindAsync("?!")).ShouldBeEmpty();
        (await index.FindAsync("what is the")).ShouldBeEmpty();
        (await index.FindAsync("xylophone")).ShouldBeEmpty();
        (await new MemoryIndex().FindAsync("town")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_passage_that_has_all_the_words_is_relevant_and_one_that_has_a_common_one_is_not()
    {
        var index = await TownsAsync();

        var hits = (await index.SearchAsync("Bologna university")).Hits;
        hits[0].Relevance.ShouldBeGreaterThan(0.6);
        hits[^1].Relevance.ShouldBeLessThan(0.5);
        (await index.SearchAsync("town xylophone concerto quartet")).Hits[0].Relevance.ShouldBeLessThan(0.3);
    }

    [Theory]
    [InlineData("A short title\n\nAnd then a text that is longer than its title.", "A short title")]
    [InlineData("A short title\nAnd then a text that is all on one line, as some programs write it, however long it gets in the end.", "A short title")]
    [InlineData("A line of a text that was\nwrapped by an editor at the\nend of each of its lines", null)]
    [InlineData("One line alone", null)]
    [InlineData("", null)]
    [InlineData("\n\nText", null)]
    public void A_plain_text_tells_its_title(string text, string? title) => FileWords.TitleOf(text).ShouldBe(title);

    private static async Task<MemoryIndex> TownsAsync()
    {
        var index = new MemoryIndex();
        await index.AddSegmentAsync("Bologna is a town in Italy. Its university is the oldest of all.", "Uppsala is a town in Sweden with a cathedral.");
        await index.AddSegmentAsync("Heidelberg is a town in Germany. Its castle is a ruin.", "Coimbra is a town in Portugal and has a university on its hill.");
        return index;
    }

    private static Dictionary<long, double> Naive(List<string> texts, string[] query)
    {
        var words = texts.Select(text => text.Split(' ')).ToList();
        var average = words.Average(chunk => chunk.Length);
        var scores = new Dictionary<long, double>();
        foreach (var word in query)
        {
            var df = words.Count(chunk => chunk.Contains(word));
            var idf = Math.Log(1 + ((words.Count - df + 0.5) / (df + 0.5)));
            for (var i = 0; i < words.Count; i++)
            {
                var tf = words[i].Count(other => other == word);
                if (tf > 0) scores[i + 1] = scores.GetValueOrDefault(i + 1) + (idf * tf / (tf + (1.2 * (0.25 + (0.75 * words[i].Length / average)))));
            }
        }

        return scores;
    }
}
