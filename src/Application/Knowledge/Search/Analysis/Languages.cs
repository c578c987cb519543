namespace AiPlatform.Application.Knowledge.Search.Analysis;

/// <summary>The languages that analysis knows, of each script first the one that its words are taken for without further evidence.</summary>
internal static class Languages
{
    public static readonly IReadOnlyList<Language> All =
    [
        new("en", Script.Latin, "english_stem", """
            a an the and or but if then than of in on at to for from by with without as into onto is are was were be been being am do does did doing done has have had having this that these those
            it its he him his she her hers they them their theirs we us our ours you your yours i me my mine who whom whose which what when where why how there here so such can could will
            would shall should may might must also about any some each both few many much more most other others own same very just all only too don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain cannot
            """),
        new("de", Script.Latin, "german_stem", """
            der die das den dem des ein eine einen einem einer eines und oder aber wenn dann als von im in an am auf zu zum zur für aus bei mit ohne nach durch über unter ist sind war waren sein
            wird werden wurde wurden hat haben hatte hatten ich du er sie es wir ihr sich mich mir dich dir uns euch ihm ihn ihnen mein dein kein keine nicht auch nur noch so wie was wer wo wann
            warum welche welcher welches man kann können soll muss dass daß dieser diese dieses hier da zwischen seine seiner ihre ihren ihrer
            """, "äöüß", joins: true),
        new("fr", Script.Latin, "french_stem", """
            le la les l un une des du de d et ou mais si en dans sur au aux par pour avec sans sous vers chez est sont était étaient être été a ont avait avoir fait je tu il elle on nous vous ils
            elles se me te lui leur leurs mon ton son ma ta sa mes tes ses notre votre ce cet cette ces qui que quoi dont où quand comment pourquoi quel quelle quels quelles qu ne pas plus aussi
            y comme entre peut doit c s n j t m
            """, "çèêàùœëî"),
        new("es", Script.Latin, "spanish_stem", """
            el la los las un una unos unas y e o u pero si de del al a en por para con sin sobre entre desde hasta es son era eran ser fue fueron está están estar ha han había haber hay lo le les se
            me te nos os su sus mi mis tu tus este esta estos estas ese esa eso que qué quien quién cual cuál cuando cuándo donde dónde cómo como por porque no más muy también ya puede cuánto cuántos
            cuántas
            """, "ñ¿¡áíóú"),
        new("it", Script.Latin, "italian_stem", """
            il lo la i gli le un uno una di del dello della dei degli delle da dal dalla dai a al allo alla ai alle in nel nella nei nelle su sul sulla con per tra fra e ed o ma se è sono era erano
            essere stato ha hanno aveva avere che chi cui quale quali quando dove come perché cosa non più anche si ci vi mi ti suo sua suoi sue questo questa questi queste quanto quanti quante
            """, "àèìòù"),
        new("pt", Script.Latin, "portuguese_stem", """
            o a os as um uma uns umas de do da dos das em no na nos nas ao à aos às por pelo pela pelos pelas para com sem sobre entre até e ou mas se é são era eram ser foi foram está estão estar
            tem têm tinha ter há que quem qual quais quando onde como porque não mais muito também já seu sua seus suas meu minha este esta esse essa isso isto ele ela eles elas lhe você pode quanto
            quantos
            """, "ãõçâêô"),
        new("nl", Script.Latin, "dutch_stem", """
            de het een en of maar als dan van in op aan te tot voor uit bij met zonder naar door over onder is zijn was waren ben bent wordt worden werd werden heeft hebben had hadden ik je jij hij zij
            ze wij we jullie hun hem haar mijn jouw ons onze niet geen ook nog zo hoe wat wie waar wanneer waarom welke er dat die dit deze daar hier kan kunnen moet zich om
            """, "ĳ", joins: true),
        new("sv", Script.Latin, "swedish_stem", """
            och eller men om i på av till för från med utan vid under över är var vara varit blir blev har hade ha jag du han hon den det vi ni de dem sig mig dig oss sin sitt sina min din en ett att
            som inte också så hur vad vem var när varför vilken vilket vilka denna detta dessa där här kan ska skulle måste mellan efter
            """, "åäö", joins: true),
        new("da", Script.Latin, "danish_stem", """
            og eller men hvis i på af til for fra med uden ved under over er var være været bliver blev har havde have jeg du han hun den det vi i de dem sig mig dig os sin sit sine min din en et at
            som ikke også så hvordan hvad hvem hvor hvornår hvorfor hvilken hvilket hvilke denne dette disse der her kan skal skulle må mellem efter
            """, "æøå", joins: true),
        new("no", Script.Latin, "norwegian_stem", """
            og eller men hvis i på av til for fra med uten ved under over er var være vært blir ble har hadde ha jeg du han hun den det vi dere de dem seg meg deg oss sin sitt sine min din en et ei å
            som ikke også så hvordan hva hvem hvor når hvorfor hvilken hvilket hvilke denne dette disse der her kan skal skulle må mellom etter at
            """, "øå", joins: true),
        new("fi", Script.Latin, "finnish_stem", """
            ja tai mutta jos kun on ovat oli olivat olla ollut ei en et emme ole minä sinä hän me te he se ne tämä nämä tuo että joka jotka mikä mitä kuka missä milloin miksi miten myös kuin niin vain
            sekä hänen sen sitä tässä siitä mukaan jossa
            """, "äö", joins: true),
        new("hu", Script.Latin, "hungarian_stem", """
            a az egy és vagy de ha hogy is nem van volt voltak lesz lett én te ő mi ti ők ez ezt azt ezek azok aki ami amely mit ki hol mikor miért hogyan melyik csak még már meg el fel le be ki sem mint
            által után között szerint
            """, "őűáéíóöú", joins: true),
        new("ro", Script.Latin, "romanian_stem", """
            un o unei unui niște și sau dar dacă de din la în pe cu fără pentru prin este sunt era erau fi fost a au avea al ale ai lui ei lor cel cea cei cele care ce cine când unde cum nu mai și
            acest această acestea se să îi își prin despre între câte câți cât
            """, "ăâîșțşţ"),
        new("tr", Script.Latin, "turkish_stem", """
            ve veya ama eğer bir bu şu o ile için gibi kadar da de ki mi mı mu mü ne kim nerede nasıl neden hangi kaç değil var yok olan olarak oldu olduğu ise daha çok en her sonra önce
            """, "ğışçöü"),
        new("id", Script.Latin, "indonesian_stem", """
            yang dan atau tetapi jika di ke dari pada untuk dengan oleh adalah ialah itu ini akan telah sudah tidak bukan ada juga saya kamu anda dia kami kita mereka nya apa siapa kapan mana mengapa
            bagaimana berapa dalam sebagai antara
            """),
        new("ca", Script.Latin, "catalan_stem", """
            el la els les un una uns unes i o però si de del dels al als a en per amb sense sobre entre fins és són era eren ser va van està ha han hi ho li es em et ens us seu seva seus que qui quin
            quina quan on com perquè no més molt també aquest aquesta
            """, "çàèòï"),
        new("lt", Script.Latin, "lithuanian_stem", "ir arba bet jei yra buvo būti kad kas kuris kuri kur kada kodėl kaip ne su be į iš ant per prie nuo iki jis ji jie tai šis ši taip pat apie po už", "ėųūšžį"),
        new("pl", Script.Latin, null, """
            i oraz lub ale jeśli w we na do z ze od po przez dla o u pod nad przy jest są był była było były być ma mają ja ty on ona ono my wy oni się nie tak to ten ta te tego tej tym co kto gdzie
            kiedy dlaczego jak który która które czy ile jego jej ich
            """, "łąęśćżźń", inflects: true),
        new("cs", Script.Latin, null, """
            a i nebo ale pokud v ve na do z ze od po pro o u pod nad při je jsou byl byla bylo byli být má mají já ty on ona my vy oni se si ne tak to ten ta tento tato co kdo kde kdy proč jak který
            která které jeho její jejich kolik
            """, "ěščřžýů", inflects: true),
        new("sk", Script.Latin, null, """
            a aj i alebo ale ak v vo na do z zo od po pre o u pod nad pri je sú bol bola bolo boli byť má majú ja ty on ona my vy oni sa si nie tak to ten tá tento táto čo kto kde kedy prečo ako ktorý
            ktorá ktoré jeho jej ich koľko
            """, "ľĺŕôä", inflects: true),
        new("sl", Script.Latin, null, "in ali pa če v na do z s iz od po za o pri je so bil bila bilo bili biti ima jaz ti on ona mi vi oni se ne tako to ta te tega kaj kdo kje kdaj zakaj kako ki kateri njegov njen lahko", "čšž", inflects: true),
        new("hr", Script.Latin, null, "i ili ali ako u na do iz od po za o pri je su bio bila bilo bili biti ima ja ti on ona mi vi oni se ne tako to taj ta što tko ko gdje kada zašto kako koji koja koje njegov njen kao nije može", "đćčšž", inflects: true),
        new("lv", Script.Latin, null, "un vai bet ja ir bija būt ka kas kurš kura kur kad kāpēc kā ne no uz ar par pie pēc līdz viņš viņa šis šī tas tā arī kopā jūs jūsu var nav kuru lai tiek", "āēīģķļņšūž", inflects: true),
        new("et", Script.Latin, null, "ja või aga kui on oli olid olla ole ei et see selle need mina sina tema meie teie nende kes mis kus millal miks kuidas ka nii ning siis oma välja saab mida", "õäöü", inflects: true),
        new("vi", Script.Latin, null, "và của là có không được cho trong một các những người này đó với từ khi như đã sẽ tại về ở ra vào gì ai đâu nào thế bao nhiêu", "ơưđạảấầẩậắằặẹẻẽếềểễệ"),
        new("ru", Script.Cyrillic, "russian_stem", """
            и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще нет о из ему теперь когда даже ну вдруг ли если или быть был него до вас
            нибудь уж вам ведь там потом себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без чего тоже это этот эта эти этого этой кто какой какая какие каком какого
            который которая которые которых при об сколько почему были после
            """, "ыэ"),
        new("sr", Script.Cyrillic, "serbian_stem", "и у је да се на за од са су о који која које као из до што не али или би је био била било ће као шта ко где када како", "ђјљњћџ"),
        new("uk", Script.Cyrillic, null, "і й та в у не що він на я з із як а то все вона так його але ти до у же ви за би по тільки її від коли або якщо бути був є для ми їх це цей ця ці хто який яка які де чому скільки про при", "іїєґ", inflects: true),
        new("bg", Script.Cyrillic, null, "и в във не че той на аз с със как а то все тя така го но да до за от по само ще са е беше бил при се си ли или ако като което който която които това този тази тези къде кога защо колко", "ъщ", inflects: true),
        new("el", Script.Greek, "greek_stem", """
            ο η το οι τα του της των τον την τους τις ένας μια ένα και ή αλλά αν σε στο στη στον στην στα στις στους από για με χωρίς προς κατά είναι ήταν έχει έχουν είχε θα να που πως πότε πού ποιος
            ποια ποιο τι γιατί δεν μη επίσης όπως αυτό αυτή αυτός μου σου μας σας
            """),
        new("hy", Script.Armenian, "armenian_stem", "և ու է են էր էին որ այս այդ այն նա նրա մի մեջ հետ համար ինչ ով որտեղ երբ ինչու ինչպես կամ բայց"),
        new("he", Script.Hebrew, null, "של את על עם אל לא כי הוא היא הם הן זה זו זאת אני אתה אנחנו גם או אבל אם כל מה מי איפה מתי למה איך היה היתה היו להיות אשר כמו בין יש אין"),
        new("ar", Script.Arabic, "arabic_stem", """
            في من على إلى عن مع و أو ثم أن إن لا ما لم لن هو هي هم هذا هذه ذلك تلك التي الذي الذين كان كانت يكون قد كل بعض بين عند بعد قبل حتى أي كيف متى أين لماذا كم هل ماذا منذ كما حيث وقد وكان
            """, joins: true),
        new("fa", Script.Arabic, null, "و در به از که این را با است برای آن یک خود تا بر هم نیز ها های می شود شد بود ای یا اما اگر چه کجا چرا چگونه کدام", "پچژگ"),
        new("ur", Script.Arabic, null, "کے کی کا میں ہے اور سے کو نے پر ہیں یہ وہ تھا تھی تھے ایک کہ جو بھی نہیں کیا کون کب کہاں کیوں کیسے", "ٹڈڑںھہے"),
        new("hi", Script.Devanagari, "hindi_stem", """
            है हैं था थे थी थीं हो होता होती होते हुआ हुई हुए होने की के का को में से पर और ने यह वह ये वे एक कि जो कर या भी तो ही इस उस इन उन किया गया गई गए लिए साथ तक कौन क्या किस किसे किसने किसी
            कब कहाँ कितने कितना कितनी कैसे क्यों कौनसा रहा रहे रही जा सकता सकते सकती करने करता करते करती अपने अपनी अपना उनके उनकी इसके इसकी उसके उसकी उसे उन्हें द्वारा जब तब जैसे तथा एवं जिसे जिस जिसके
            """, joins: true),
        new("mr", Script.Devanagari, null, "आहे आहेत होते होता होती आणि व किंवा पण या ते तो ती हे हा ही मध्ये साठी पासून वर च नाही काय कोण कुठे केव्हा का कसे एक त्या केले"),
        new("ne", Script.Devanagari, "nepali_stem", "छ छन् थियो थिए र वा तर यो त्यो को का की ले लाई मा बाट सँग लागि पनि भने गरेको भएको हो के कहाँ कहिले किन कसरी एक"),
        new("ta", Script.Tamil, "tamil_stem", "ஒரு மற்றும் இந்த அந்த என்று என அது இது அவர் அவர்கள் என்ன யார் எங்கே எப்போது ஏன் எப்படி உள்ள இருந்து ஆகும் எந்த எத்தனை", joins: true),
        new("und", Script.Other, null, ""),
    ];

    private static readonly Dictionary<Script, Language[]> ByScript = Enum.GetValues<Script>().ToDictionary(script => script, script => All.Where(language => language.Script == script).ToArray());

    public static IReadOnlyList<Language> Of(Script script) => ByScript[script];

    public static Language? Find(string code) => All.FirstOrDefault(language => language.Code == code);
}
