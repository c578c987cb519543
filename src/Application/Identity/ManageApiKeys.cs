using AiPlatform.Application.Common;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace AiPlatform.Application.Identity;

/// <summary>Makes an API key. The secret is in the result and nowhere else, ever again.</summary>
public sealed record CreateApiKey(string Name, IReadOnlyList<string>? Scopes, DateTimeOffset? ExpiresAt) : IRequest<CreatedApiKey>;

public sealed record CreatedApiKey(ApiKeyView Key, string Secret);

internal sealed class CreateApiKeyValidator : AbstractValidator<CreateApiKey>
{
    public CreateApiKeyValidator(TimeProvider clock)
    {
        RuleFor(request => request.Name).NotEmpty().IsLine(ApiKey.NameMaxLength);
        RuleForEach(request => request.Scopes).Must(scope => Scopes.All.Contains(scope))
            .WithMessage($"'{{PropertyValue}}' is no scope. Scopes are: {string.Join(", ", Scopes.All)}.");
        RuleFor(request => request.ExpiresAt).Must(time => time is null || time > clock.GetUtcNow()).WithMessage("It must lie in the future.");
    }
}

internal sealed class CreateApiKeyHandler(IIdentityDb db, ICaller caller, TimeProvider clock) : IRequestHandler<CreateApiKey, CreatedApiKey>
{
    private static readonly string[] DefaultScopes = [Scopes.Chat, Scopes.Embeddings, Scopes.Documents];

    public async Task<CreatedApiKey> Handle(CreateApiKey request, CancellationToken cancellationToken)
    {
        var me = caller.Current;
        var scopes = request.Scopes is { Count: > 0 } chosen ? chosen : DefaultScopes.Where(me.May).ToArray();
        if (scopes.FirstOrDefault(scope => !me.May(scope)) is { } missing)
            throw new Denied("scope_missing", $"A key cannot have the scope '{missing}', because you do not have it.");

        var owner = await db.Users.SingleAsync(user => user.Id == me.UserId, cancellationToken);
        var secret = Secret.New(ApiKey.SecretPrefix);
        var key = ApiKey.Create(owner, secret, request.Name.Trim(), scopes, clock.GetUtcNow(), request.ExpiresAt);
        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        return new CreatedApiKey(ApiKeyView.Of(key), secret);
    }
}

/// <summary>The caller's keys; for an admin, all of the workspace.</summary>
public sealed record ListApiKeys : IRequest<Page<ApiKeyView>>;

internal sealed class ListApiKeysHandler(IIdentityDb db, ICaller caller) : IRequestHandler<ListApiKeys, Page<ApiKeyView>>
{
    public async Task<Page<ApiKeyView>> Handle(ListApiKeys request, CancellationToken cancellationToken)
    {
        var keys = await db.ApiKeys.AsNoTracking().VisibleTo(caller.Current).OrderByDescending(key => key.Id).ToListAsync(cancellationToken);
        return Page.Whole(keys.Select(ApiKeyView.Of), key => key.Id);
    }
}

/// <summary>Revokes a key, at once and for good.</summary>
public sealed record RevokeApiKey(string Id) : IRequest<ApiKeyView>;

internal sealed class RevokeApiKeyHandler(IIdentityDb db, ICaller caller, TimeProvider clock) : IRequestHandler<RevokeApiKey, ApiKeyView>
{
    public async Task<ApiKeyView> Handle(RevokeApiKey request, CancellationToken cancellationToken)
    {
        var id = Ids.Parse<ApiKeyId>(request.Id);
        var key = await db.ApiKeys.VisibleTo(caller.Current).SingleOrDefaultAsync(key => key.Id == id, cancellationToken)
            ?? throw NotFound.Of("API key", request.Id);
        key.Revoke(clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        return ApiKeyView.Of(key);
    }
}

internal static class ApiKeyQueries
{
    public static IQueryable<ApiKey> VisibleTo(this IQueryable<ApiKey> keys, Caller caller) =>
        caller.May(Scopes.Admin) ? keys : keys.Where(key => key.UserId == caller.UserId);
}
