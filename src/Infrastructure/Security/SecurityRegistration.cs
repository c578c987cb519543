using AiPlatform.Application.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Infrastructure.Security;

public static class SecurityRegistration
{
    public static IServiceCollection AddSecurity(this IServiceCollection services) => services.AddSingleton<IPasswords, Passwords>();
}
