using Microsoft.AspNetCore.Http.Features;

namespace AiPlatform.FakeModels;

internal static class FeatureExtensions
{
    public static T GetRequired<T>(this IFeatureCollection features)
        where T : class =>
        features.Get<T>() ?? throw new InvalidOperationException($"The web server does not offer {typeof(T).Name}.");
}
