using FluentValidation;

namespace AiPlatform.Application.Common;

/// <summary>
/// Which part of a list that can be read both ways: up to <c>Limit</c> entries after the one with the id <c>After</c>, or those just before <c>Before</c>;
/// newest first unless <c>Order</c> is <c>asc</c>.
/// </summary>
public sealed record CursorRequest(int? Limit, string? Order, string? After, string? Before)
{
    public int Size => Limit ?? PageRequest.DefaultLimit;

    public bool IsAscending => Order == "asc";

    /// <summary>Read from the end that <c>Before</c> names: what is nearest to it belongs on the page.</summary>
    public bool IsBackwards => Before is not null && After is null;

    /// <summary>Cut from rows that were read in the direction of the page, one more than its size.</summary>
    public Page<T> Cut<T>(List<T> rows, Func<T, string> id)
    {
        var page = Page.Cut(rows, Size, id);
        return IsBackwards ? page with { Data = [.. page.Data.Reverse()], FirstId = page.LastId, LastId = page.FirstId } : page;
    }
}

internal sealed class CursorRules : AbstractValidator<CursorRequest>
{
    public CursorRules()
    {
        RuleFor(page => page.Limit).InclusiveBetween(1, PageRequest.MaxLimit).WithMessage($"it must be from 1 to {PageRequest.MaxLimit}.");
        RuleFor(page => page.Order).Must(order => order is null or "asc" or "desc").WithMessage("it must be 'asc' or 'desc'.");
    }
}
