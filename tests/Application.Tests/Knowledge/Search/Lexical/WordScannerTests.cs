using AiPlatform.Application.Knowledge.Search.Analysis;

namespace AiPlatform.Application.Tests.Knowledge.Search.Lexical;

public sealed class WordScannerTests
{
    [Theory]
    [InlineData("The quick-brown fox's den.", "The|quick|brown|fox|den")]
    [InlineData("L'eau d’Évian, c'est l’été", "eau|Évian|est|été")]
    [InlineData("It's what we've said, don't they'll", "It|what|we|said|don|they")]
    [InlineData("3.14 and 10,000 at 192.168.0.1, v2.", "3.14|and|10,000|at|192.168.0.1|v2")]
    [InlineData("C++, C# and F# but c", "C++|C#|and|F#|but|c")]
    [InlineData("max_retries --log-level", "max|retries|log|level")]
    [InlineData("H₂O m² 6½", "H₂O|m²|6")]
    [InlineData("पैंथर्स की डिफ़ेन्स ने।", "पैंथर्स|की|डिफ़ेन्स|ने")]
    [InlineData("இந்த நூல், புதியது.", "இந்த|நூல்|புதியது")]
    [InlineData("مرحبا، كيف حالك؟", "مرحبا|كيف|حالك")]
    [InlineData("Привет, ёжик!", "Привет|ёжик")]
    [InlineData("中国的首都是北京。", "中国的首都是北京")]
    [InlineData("東京タワー (333m)", "東京タワー|333m")]
    [InlineData("서울은 한국의 수도", "서울은|한국의|수도")]
    [InlineData("exam\u00ADple 🙂 \uD800x", "exam\u00ADple|x")]
    [InlineData("", "")]
    public void Words_of_all_scripts_are_found(string text, string words) => string.Join('|', Scan(text)).ShouldBe(words);

    [Fact]
    public void What_no_one_could_look_for_is_no_word() => Scan("a " + new string('x', 10_000) + " b").ShouldBe(["a", "b"]);

    [Theory]
    [InlineData("Straße", "straße")]
    [InlineData("ＡＢＣ１２", "abc12")]
    [InlineData("१९४७", "1947")]
    [InlineData("10,000", "10000")]
    [InlineData("3,5", "3.5")]
    [InlineData("डिफ़ेन्स", "डिफेन्स")]
    [InlineData("इन्टर", "इंटर")]
    [InlineData("हिन्दी", "हिंदी")]
    [InlineData("कहाँ", "कहां")]
    [InlineData("अन्य", "अन्य")]
    [InlineData("کتاب", "كتاب")]
    [InlineData("مُحَمَّد", "محمد")]
    [InlineData("Ёж", "еж")]
    public void A_word_is_spelled_in_one_way(string word, string spelled) => Spelling.Of(word).ShouldBe(spelled);

    [Theory]
    [InlineData("maxRetries", "maxretries|max|retries")]
    [InlineData("HTTPServer", "httpserver|http|server")]
    [InlineData("APIs", "apis")]
    [InlineData("10GB", "10gb|10|gb")]
    [InlineData("1990s", "1990s|1990")]
    [InlineData("plain", "plain")]
    [InlineData("3.14", "3.14")]
    public void A_name_is_also_its_parts(string word, string forms) => string.Join('|', Forms.Of(word)).ShouldBe(forms);

    [Theory]
    [InlineData("北京", "北|北京|京")]
    [InlineData("水", "水")]
    [InlineData("東京タワーは高い", "東|東京|京|タワ|ワー|高い|高")]
    [InlineData("한국의", "한국|국의")]
    [InlineData("ภาษา\u200Bไทย", "ภา|าษ|ษา|ไท|ทย")]
    [InlineData("ស្រមោល", "ស្រមោ|មោល")]
    public void Runs_without_spaces_are_cut_into_pairs(string run, string grams) =>
        Grams.Of(run).Select(gram => run.Substring(gram.Start, gram.Length)).Order(StringComparer.Ordinal).ShouldBe(grams.Split('|').Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("The galaxy of Los Angeles is Los Angeles' and they play in Los Angeles for the fans", "en")]
    [InlineData("Der Hund ist nicht im Haus, sondern auf der Straße", "de")]
    [InlineData("El perro no está en la casa sino en la calle", "es")]
    [InlineData("Le chien n'est pas dans la maison mais dans la rue", "fr")]
    [InlineData("Собака не в доме, а на улице", "ru")]
    [InlineData("Собака не в домі, а на вулиці, що є", "uk")]
    [InlineData("Suns nav mājā, bet ir uz ielas", "lv")]
    [InlineData("Koer ei ole majas, vaid on see tänaval", "et")]
    [InlineData("Pes nie je v dome, ale na ulici, ktorú má", "sk")]
    [InlineData("Pes ni v hiši, ali je lahko na cesti, kaj pa", "sl")]
    [InlineData("Pas nije u kući, ali je što tko na ulici", "hr")]
    [InlineData("कुत्ता घर में नहीं है", "hi")]
    [InlineData("کتا گھر میں نہیں ہے", "ur")]
    [InlineData("Router 5000 Firmware", "en")]
    public async Task A_documents_language_is_told_by_its_small_words(string text, string language) =>
        (await new TextAnalysis(new PlainStems()).LearnAsync([text], default)).Languages.ShouldBe([language]);

    [Fact]
    public async Task What_says_nothing_in_the_querys_language_is_left_out_whatever_languages_the_store_has()
    {
        var analysis = new TextAnalysis(new PlainStems());

        var terms = await analysis.AskAsync("What is the capital of France?", ["en", "de", "es"], default);
        terms.Where(term => term.IsWhole).Select(term => term.Word).ShouldBe(["capital", "france"]);
        terms.Select(term => term.Position).ShouldBe([3, 5]);

        (await analysis.AskAsync("houses", ["en", "de"], default)).Single(term => term.IsWhole).Variants.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Pieces_are_asked_for_in_languages_that_have_them_and_count_no_more_than_their_word()
    {
        var analysis = new TextAnalysis(new PlainStems());

        (await analysis.AskAsync("What is the configuration?", ["en", "de"], default)).ShouldAllBe(term => term.IsWhole);
        var terms = await analysis.AskAsync("Wie ist die Konfiguration?", ["en", "de"], default);
        terms.Count(term => term.IsWhole).ShouldBe(1);
        (await analysis.AskAsync("Konfiguration ネットワークの設定", ["en", "de"], default)).ShouldNotContain(term => !term.IsWhole && term.Word == "konfiguration");
        terms.Where(term => !term.IsWhole).Sum(term => term.Weight).ShouldBe(QueryWords.OfPieces, 1e-9);
    }

    private static List<string> Scan(string text)
    {
        var words = new WordScanner(text);
        var found = new List<string>();
        while (words.MoveNext()) found.Add(text.Substring(words.Current.Start, words.Current.Length));
        return found;
    }
}
