using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using MediatR;

namespace AiPlatform.Application.Identity;

/// <summary>Recognises the caller behind an API key; null where the key is unknown, revoked or expired, or its owner disabled.</summary>
public sealed record AuthenticateApiKey(string Key) : IRequest<Caller?>;

internal sealed class AuthenticateApiKeyHandler(ApiKeyLookup keys) : IRequestHandler<AuthenticateApiKey, Caller?>
{
    public Task<Caller?> Handle(AuthenticateApiKey request, CancellationToken cancellationToken) => keys.FindAsync(Secret.Hash(request.Key), cancellationToken);
}
