using AiPlatform.Application.Common;
using AiPlatform.Domain.Knowledge;
using FluentValidation;

namespace AiPlatform.Application.Knowledge.VectorStores;

internal static class StoreRules
{
    private const int MostDays = 365;

    public static IRuleBuilderOptions<T, string?> IsStoreName<T>(this IRuleBuilder<T, string?> rule) => rule.IsLine(VectorStore.NameMaxLength);

    public static IRuleBuilderOptions<T, ExpiresAfter?> IsExpiry<T>(this IRuleBuilder<T, ExpiresAfter?> rule) => rule
        .Must(expiry => expiry is null or { Anchor: "last_active_at", Days: >= 1 and <= MostDays })
        .WithMessage($"it takes the anchor 'last_active_at' and from 1 to {MostDays} days.");
}
