using System.Text.Json;

namespace AiPlatform.Application.Knowledge.Contracts;

/// <summary>A condition on the attributes of files (the API's <c>ComparisonFilter</c> and <c>CompoundFilter</c>). A file without the attribute meets <c>ne</c> and <c>nin</c>, and nothing else.</summary>
public abstract record AttributeFilter
{
    private AttributeFilter()
    {
    }

    /// <summary>Values are strings, numbers or booleans; <c>in</c> and <c>nin</c> have several, the others one. Only values of the same kind are comparable.</summary>
    public sealed record Comparison(AttributeOperator Operator, string Key, IReadOnlyList<JsonElement> Values) : AttributeFilter;

    public sealed record All(IReadOnlyList<AttributeFilter> Filters) : AttributeFilter;

    public sealed record Any(IReadOnlyList<AttributeFilter> Filters) : AttributeFilter;
}

public enum AttributeOperator
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    In,
    NotIn,
}
