using System.Globalization;
using System.Text.RegularExpressions;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>How a model wants to be asked to think.</summary>
internal enum ThinkingStyle
{
    None,

    /// <summary>With a budget of tokens.</summary>
    Budget,

    /// <summary>By an effort; the model decides itself how long.</summary>
    Adaptive,
}

/// <summary>
/// What a Claude model takes, which has changed between generations and is answered with 400 where it is not taken. Told by the name,
/// because a call must not depend on a listing of models having worked, and the listing is silent about sampling.
/// </summary>
internal sealed partial record ModelTraits(ThinkingStyle Thinking, bool ThinksUnasked, bool TakesSampling, bool HasStructuredOutputs, bool HasExtraEffort)
{
    /// <summary>For names that carry no version (aliases on compatible servers): what the long-lived middle generation takes.</summary>
    private static readonly ModelTraits Unversioned = new(ThinkingStyle.Budget, false, true, false, false);

    public static ModelTraits Of(string model)
    {
        var match = VersionInName().Match(model);
        if (!match.Success) return Unversioned;
        var version = 100 * Number(match.Groups[1]) + Number(match.Groups[2]);
        return new ModelTraits(
            version switch { < 307 => ThinkingStyle.None, < 406 => ThinkingStyle.Budget, _ => ThinkingStyle.Adaptive },
            ThinksUnasked: version >= 500,
            TakesSampling: version < 407,
            HasStructuredOutputs: version >= 405,
            HasExtraEffort: version >= 407);
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    /// <summary><c>claude-3-7-sonnet-20250219</c>, <c>claude-sonnet-4-20250514</c>, <c>us.anthropic.claude-opus-4-6-v1</c>: the date is no version.</summary>
    [GeneratedRegex(@"claude-(?:[a-z]+-)?(\d{1,2})(?:[-.](\d{1,2}))?(?!\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VersionInName();
}
