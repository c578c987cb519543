namespace AiPlatform.Infrastructure.ModelProviders.Offline.Text;

/// <summary>Words that say nothing about the subject, and those that only make a sentence a question, folded.</summary>
internal static class StopWords
{
    private static readonly HashSet<string> All =
    [
        .. Words.Of("""
            a an the this that these those there here it its he she his her him they them their we us our you your i me my mine
            is are was were be been being am do does did done has have had having will would shall should can could may might must
            of in on at by for from to with without into onto about as and or but if then than so not no nor also too very just only
            who whom whose what when where why which how many much long old often tell explain describe please give find show
            s t d m l re ve ll don didn doesn isn wasn aren
            according following question answer
            der die das den dem des ein eine einer eines und oder ist sind war waren wer was wann wo warum wie welche welcher von zu im in mit auf für
            le la les un une des du de et ou est sont qui que quoi quand où pourquoi comment quel quelle dans pour avec sur par
            el los las una uno y o es son fue quién qué cuándo dónde cómo cuál cuánto cuántos en por para con del al
            и в на у с о к по за из от до не что кто где когда как какой какая какое какие сколько почему чей это эта его её их он она они был была было были есть для
            في من على إلى عن هو هي هذا هذه ما ماذا متى أين كيف كم لماذا التي الذي كان كانت و أن
            です ます すか りま しま した ある あり から 何が 何で には とは のは
            il lo gli e di da che chi quando dove come quale per non
            को का की के में से पर ने है हैं था थी थे हो हुआ हुई हुए और या एक यह वह ये वे इस उस इन उन जो तो ही भी तक कि कर करने किया गया गई गए लिए साथ द्वारा
            क्या कौन किस किसे किसने किसका किसकी किसके कब कहां कहाँ क्यों कैसे कितना कितनी कितने कौनसा कौनसी बताओ बताइए बताएं बताइये नहीं अपने अपनी अपना होता होती होते रहा रही रहे
            और जब तब मैं हम आप तुम मेरा मेरी आपका
            """),
    ];

    public static bool Contains(string word) => All.Contains(word);
}
