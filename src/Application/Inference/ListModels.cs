using System.Text.Json.Serialization;
using AiPlatform.Application.Inference.Contracts;
using AiPlatform.Domain.Common;
using MediatR;

namespace AiPlatform.Application.Inference;

/// <summary>A model as the API shows it.</summary>
public sealed record ModelView(string Id, long Created, string OwnedBy)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "model";

    internal static ModelView Of(ModelDescriptor model) => new(model.Id, model.Created.ToUnixTimeSeconds(), model.Provider);
}

/// <summary>The API lists models without paging.</summary>
public sealed record ModelList(IReadOnlyList<ModelView> Data)
{
    [JsonPropertyOrder(-1)]
    public string Object { get; } = "list";
}

public sealed record ListModels : IRequest<ModelList>;

internal sealed class ListModelsHandler(IModelCatalogue catalogue) : IRequestHandler<ListModels, ModelList>
{
    public async Task<ModelList> Handle(ListModels request, CancellationToken cancellationToken) =>
        new([.. (await catalogue.ListAsync(cancellationToken)).Select(ModelView.Of)]);
}

public sealed record GetModel(string Id) : IRequest<ModelView>;

internal sealed class GetModelHandler(IModelCatalogue catalogue) : IRequestHandler<GetModel, ModelView>
{
    public async Task<ModelView> Handle(GetModel request, CancellationToken cancellationToken) =>
        await catalogue.FindAsync(request.Id, cancellationToken) is { } model
            ? ModelView.Of(model)
            : throw new NotFound("model_not_found", $"The model '{request.Id}' does not exist here.", "model");
}
