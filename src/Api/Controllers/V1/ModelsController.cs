using AiPlatform.Application.Inference;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.V1;

[ApiController]
[Route("v1/models")]
[Authorize]
[Tags("Models")]
public sealed class ModelsController(IMediator mediator) : ControllerBase
{
    /// <summary>Lists the models that can be named in requests.</summary>
    [HttpGet(Name = "listModels")]
    public Task<ModelList> List(CancellationToken cancellationToken) => mediator.Send(new ListModels(), cancellationToken);

    /// <summary>Shows one model. Ids may contain slashes.</summary>
    [HttpGet("{**model}", Name = "getModel")]
    public Task<ModelView> Get(string model, CancellationToken cancellationToken) => mediator.Send(new GetModel(model), cancellationToken);
}
