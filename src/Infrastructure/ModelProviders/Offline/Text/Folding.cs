using System.Globalization;
using System.Text;

namespace AiPlatform.Infrastructure.ModelProviders.Offline.Text;

/// <summary>Takes away what two spellings of a word may differ in: case, accents, vowel points, width, digits of another script.</summary>
internal static class Folding
{
    // The runtime carries no normalisation data under invariant globalisation, so the letters that matter are listed.
    private static readonly Dictionary<int, string> Letters = Table(
        "a:àáâãäåāăąǎạảấầẩẫậắằẳẵặ c:çćĉċč d:ďđð e:èéêëēĕėęěẹẻẽếềểễệ g:ĝğġģ h:ĥħ i:ìíîïĩīĭįıỉị j:ĵ k:ķ l:ĺļľŀł n:ñńņňŉ " +
        "o:òóôõöøōŏőơọỏốồổỗộớờởỡợ r:ŕŗř s:śŝşšșſ t:ţťŧț u:ùúûüũūŭůűųưụủứừửữự w:ŵ y:ýÿŷỳỵỷỹ z:źżž ss:ß ae:æ oe:œ th:þ " +
        "α:ά ε:έ η:ή ι:ίϊΐ ο:ό υ:ύϋΰ ω:ώ σ:ς е:ё ا:أإآٱ ي:ىی ه:ة ك:ک " +
        // Devanagari letters with a built-in nukta, and chandrabindu, which is often written as anusvara.
        "क:\u0958 ख:\u0959 ग:\u095a ज:\u095b ड:\u095c ढ:\u095d फ:\u095e य:\u095f ं:\u0901");

    /// <summary>Appends the folded form of <paramref name="rune"/>; nothing for marks that only vary the spelling.</summary>
    public static void Append(StringBuilder output, Rune rune)
    {
        if (rune.Value < 128)
        {
            output.Append(char.ToLowerInvariant((char)rune.Value));
            return;
        }

        if (IsDropped(rune.Value)) return;
        if (rune.Value is >= 0xFF01 and <= 0xFF5E) rune = new Rune(rune.Value - 0xFEE0);
        rune = Rune.ToLowerInvariant(rune);
        if (Letters.TryGetValue(rune.Value, out var folded)) output.Append(folded);
        else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber) output.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
        else output.Append(rune.ToString());
    }

    // Combining accents, nukta, Hebrew and Arabic vowel points, tatweel, soft hyphen and joiners.
    private static bool IsDropped(int c) =>
        c is (>= 0x300 and <= 0x36F) or 0x93C or (>= 0x591 and <= 0x5C7) or (>= 0x64B and <= 0x65F) or 0x670 or 0x640 or 0xAD or 0x200C or 0x200D;

    private static Dictionary<int, string> Table(string groups)
    {
        var table = new Dictionary<int, string>();
        foreach (var group in groups.Split(' '))
        {
            var colon = group.IndexOf(':', StringComparison.Ordinal);
            foreach (var rune in group[(colon + 1)..].EnumerateRunes()) table[rune.Value] = group[..colon];
        }

        return table;
    }
}
