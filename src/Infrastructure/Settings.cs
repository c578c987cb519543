using Microsoft.Extensions.Configuration;

namespace AiPlatform.Infrastructure;

public static class Settings
{
    /// <summary>A section of the configuration. What cannot be read ends the start, with the key to set.</summary>
    public static T Read<T>(this IConfiguration configuration, string section) where T : new()
    {
        try
        {
            return configuration.GetSection(section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException e)
        {
            // It names key and value.
            throw new ConfigurationError(e.Message);
        }
    }

    internal static void Require(bool holds, string message)
    {
        if (!holds) throw new ConfigurationError(message);
    }
}
