using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Identity;

/// <summary>Failures that a use case finds when it looks, and the database when two ask at once.</summary>
public static class IdentityErrors
{
    public static RuleBroken EmailTaken() => new("user.email_taken", "Another user has this e-mail address.", "email");
}
