using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Chat;

internal static class ModelLookup
{
    public const string UnknownModel = "model_not_found";
    private const int Shown = 10;

    /// <summary>The model a request names, or a 404 that says which there are.</summary>
    public static async Task<ModelDescriptor> RequireAsync(this IModelCatalogue catalogue, string id, CancellationToken cancellationToken)
    {
        if (await catalogue.FindAsync(id, cancellationToken) is { } model) return model;
        var known = (await catalogue.ListAsync(cancellationToken)).Select(other => other.Id).ToList();
        var some = string.Join(", ", known.Take(Shown)) + (known.Count > Shown ? ", ..." : "");
        throw new NotFound(UnknownModel, $"The model '{id}' does not exist here. Models are: {some} (GET /v1/models lists all).", "model");
    }
}
