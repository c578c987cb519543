using FluentValidation;

namespace AiPlatform.Application.Common;

/// <summary>Which page of a list: up to <c>Limit</c> entries after the one with the id <c>After</c>, newest first unless <c>Order</c> is <c>asc</c>.</summary>
public sealed record PageRequest(int? Limit, string? Order, string? After)
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;

    public int Size => Limit ?? DefaultLimit;

    public bool IsAscending => Order == "asc";
}

internal sealed class PageRules : AbstractValidator<PageRequest>
{
    public PageRules()
    {
        RuleFor(page => page.Limit).InclusiveBetween(1, PageRequest.MaxLimit).WithMessage($"it must be from 1 to {PageRequest.MaxLimit}.");
        RuleFor(page => page.Order).Must(order => order is null or "asc" or "desc").WithMessage("it must be 'asc' or 'desc'.");
    }
}
