using System.Buffers;
using System.Globalization;

namespace AiPlatform.Application.Chat.Runs;

/// <summary>
/// Asks a model to go on with an answer that was cut off, in the language of that answer: an English sentence in the middle of a Hindi talk would turn it
/// English. Comes as the user's last words; instructions stay as they are.
/// </summary>
internal static class GoOnPrompt
{
    private const string English = "Your last answer was cut off. Continue it exactly where it stopped, in the same language and style. Repeat nothing and add no remark.";

    // By the first letter of each block of Unicode, for languages that have a script of their own.
    private static readonly (int First, int Last, string Text)[] ByScript =
    [
        (0x0370, 0x03FF, "Η τελευταία απάντησή σου διακόπηκε. Συνέχισέ την ακριβώς από εκεί που σταμάτησε. Μην επαναλάβεις τίποτα και μην προσθέσεις σχόλιο."),
        (0x0400, 0x052F, "Твой последний ответ оборвался. Продолжи его на том же языке точно с того места, где он остановился. Ничего не повторяй и ничего не поясняй."),
        (0x0590, 0x05FF, "התשובה האחרונה שלך נקטעה. המשך אותה בדיוק מהמקום שבו נעצרה. אל תחזור על דבר ואל תוסיף הערה."),
        (0x0600, 0x06FF, "انقطعت إجابتك الأخيرة. تابعها باللغة نفسها من حيث توقفت تمامًا. لا تكرر شيئًا ولا تضف أي تعليق."),
        (0x0900, 0x097F, "आपका पिछला उत्तर बीच में कट गया। उसे उसी भाषा में ठीक वहीं से आगे बढ़ाइए जहाँ वह रुका था। कुछ न दोहराएँ और कोई टिप्पणी न जोड़ें।"),
        (0x0980, 0x09FF, "আপনার শেষ উত্তরটি মাঝপথে থেমে গেছে। ঠিক যেখানে থেমেছিল সেখান থেকে চালিয়ে যান। কিছু পুনরাবৃত্তি করবেন না, কোনো মন্তব্যও যোগ করবেন না।"),
        (0x0A00, 0x0A7F, "ਤੁਹਾਡਾ ਪਿਛਲਾ ਜਵਾਬ ਵਿਚਕਾਰ ਰੁਕ ਗਿਆ। ਉਸਨੂੰ ਠੀਕ ਉੱਥੋਂ ਅੱਗੇ ਵਧਾਓ ਜਿੱਥੇ ਉਹ ਰੁਕਿਆ ਸੀ। ਕੁਝ ਨਾ ਦੁਹਰਾਓ ਅਤੇ ਕੋਈ ਟਿੱਪਣੀ ਨਾ ਜੋੜੋ।"),
        (0x0A80, 0x0AFF, "તમારો છેલ્લો જવાબ વચ્ચે અટકી ગયો. જ્યાં અટક્યો હતો બરાબર ત્યાંથી આગળ વધો. કંઈ પુનરાવર્તન ન કરો અને કોઈ ટિપ્પણી ન ઉમેરો."),
        (0x0B00, 0x0B7F, "ଆପଣଙ୍କର ଶେଷ ଉତ୍ତର ମଝିରେ ଅଟକିଗଲା। ଯେଉଁଠି ଅଟକିଥିଲା ଠିକ୍ ସେଠାରୁ ଆଗକୁ ବଢ଼ନ୍ତୁ। କିଛି ଦୋହରାନ୍ତୁ ନାହିଁ ଏବଂ କୌଣସି ମନ୍ତବ୍ୟ ଯୋଡ଼ନ୍ତୁ ନାହିଁ।"),
        (0x0B80, 0x0BFF, "உங்கள் கடைசி பதில் பாதியில் நின்றுவிட்டது. அது நின்ற இடத்திலிருந்தே தொடருங்கள். எதையும் மீண்டும் சொல்லாதீர்கள், கருத்து எதையும் சேர்க்காதீர்கள்."),
        (0x0C00, 0x0C7F, "మీ చివరి సమాధానం మధ్యలో ఆగిపోయింది. అది ఆగిన చోట నుండే కొనసాగించండి. ఏదీ పునరావృతం చేయకండి, వ్యాఖ్య చేర్చకండి."),
        (0x0C80, 0x0CFF, "ನಿಮ್ಮ ಕೊನೆಯ ಉತ್ತರ ಮಧ್ಯದಲ್ಲಿ ನಿಂತಿತು. ಅದು ನಿಂತ ಜಾಗದಿಂದಲೇ ಮುಂದುವರಿಸಿ. ಏನನ್ನೂ ಪುನರಾವರ್ತಿಸಬೇಡಿ, ಯಾವುದೇ ಟಿಪ್ಪಣಿ ಸೇರಿಸಬೇಡಿ."),
        (0x0D00, 0x0D7F, "നിങ്ങളുടെ അവസാന മറുപടി ഇടയ്ക്ക് നിന്നുപോയി. നിന്ന ഇടത്തുനിന്ന് തന്നെ തുടരുക. ഒന്നും ആവർത്തിക്കരുത്, അഭിപ്രായം ചേർക്കരുത്."),
        (0x0E00, 0x0E7F, "คำตอบล่าสุดของคุณถูกตัดไป โปรดตอบต่อจากจุดที่หยุดพอดี อย่าพูดซ้ำและอย่าเพิ่มความเห็น"),
        (0x3040, 0x30FF, "直前の回答が途中で切れました。止まった箇所からそのまま続けてください。繰り返しや補足の言葉は不要です。"),
        (0x4E00, 0x9FFF, "你上一条回答中断了。请从中断处原样继续，不要重复，也不要添加说明。"),
        (0xAC00, 0xD7AF, "마지막 답변이 중간에 끊겼습니다. 끊긴 곳에서 그대로 이어서 계속하세요. 반복하거나 설명을 덧붙이지 마세요."),
    ];

    // Languages in Latin letters, by frequent words; what two languages share counts for both.
    private static readonly (string[] Words, string Text)[] ByWords =
    [
        (["der", "und", "ist", "nicht", "das", "ein", "eine", "mit", "auch", "wird"], "Deine letzte Antwort wurde abgeschnitten. Setze sie genau dort fort, wo sie aufgehört hat. Wiederhole nichts und füge keine Bemerkung hinzu."),
        (["les", "des", "est", "une", "dans", "pour", "qui", "pas", "avec", "sont"], "Ta dernière réponse a été coupée. Continue-la exactement là où elle s'est arrêtée. Ne répète rien et n'ajoute aucune remarque."),
        (["los", "las", "una", "por", "con", "para", "del", "más", "como", "pero"], "Tu última respuesta se cortó. Continúala exactamente donde se detuvo. No repitas nada ni añadas comentarios."),
        (["uma", "não", "com", "para", "dos", "são", "mais", "como", "pelo", "também"], "A tua última resposta foi cortada. Continua-a exatamente onde parou. Não repitas nada nem acrescentes comentários."),
        (["il", "della", "che", "sono", "per", "una", "gli", "anche", "nel", "più"], "La tua ultima risposta è stata interrotta. Continuala esattamente da dove si è fermata. Non ripetere nulla e non aggiungere commenti."),
        (["the", "and", "of", "is", "that", "with", "this", "for", "are", "you"], English),
    ];

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \t\r\n.,;:!?()[]\"'");

    public static string For(string answer)
    {
        var end = answer.Length <= 2000 ? answer : answer[^2000..];
        var counts = ByScript.Select(script => end.Count(c => c >= script.First && c <= script.Last)).ToArray();
        var best = Array.IndexOf(counts, counts.Max());
        // Japanese is written with Chinese characters too, but not without its own.
        var japanese = Array.FindIndex(ByScript, script => script.First == 0x3040);
        if (best == japanese + 1 && counts[japanese] * 10 > counts[best]) best = japanese;
        var latin = end.Count(c => char.IsLetter(c) && c < 0x250);
        return counts[best] > latin / 2 ? ByScript[best].Text : ByLatinWords(end.ToLower(CultureInfo.InvariantCulture));
    }

    private static string ByLatinWords(string text)
    {
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var range in text.AsSpan().SplitAny(Separators))
        {
            var word = text[range];
            words[word] = words.GetValueOrDefault(word) + 1;
        }

        var best = ByWords.MaxBy(language => language.Words.Sum(word => words.GetValueOrDefault(word)));
        return best.Words.Any(words.ContainsKey) ? best.Text : English;
    }
}
