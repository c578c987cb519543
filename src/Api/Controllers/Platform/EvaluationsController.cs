using AiPlatform.Application.Common;
using AiPlatform.Application.Knowledge.Evaluations;
using AiPlatform.Domain.Identity;
using MediatR;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace AiPlatform.Api.Controllers.Platform;

/// <summary>How well a vector store answers questions whose answers are known, measured and compared.</summary>
[ApiController]
[Route("api/evaluations")]
[Authorize(Policy = Scopes.Documents)]
[Tags("Evaluations")]
public sealed class EvaluationsController(IMediator mediator) : ControllerBase
{
    /// <summary>
    /// Starts an evaluation: up to 10,000 questions are asked in the background, with the settings of a search. Each names what answers it: files, or passages by their place or their words.
    /// It is kept until it is deleted, also when the store is; a workspace keeps up to 200.
    /// </summary>
    [HttpPost(Name = "createEvaluation")]
    [ProducesResponseType<EvaluationView>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Create([FromBody] CreateEvaluation body, CancellationToken cancellationToken) =>
        StatusCode(StatusCodes.Status201Created, await mediator.Send(body, cancellationToken));

    /// <summary>Lists evaluations, the latest first; with <c>vector_store_id</c> those of one store.</summary>
    [HttpGet(Name = "listEvaluations")]
    public Task<Page<EvaluationView>> List(
        [FromQuery] int? limit, [FromQuery] string? order, [FromQuery] string? after, [FromQuery(Name = "vector_store_id")] string? vectorStoreId, CancellationToken cancellationToken) =>
        mediator.Send(new ListEvaluations(new PageRequest(limit, order, after), vectorStoreId), cancellationToken);

    /// <summary>Reads an evaluation: how far it is, and what it measured once it is completed.</summary>
    [HttpGet("{id}", Name = "getEvaluation")]
    public Task<EvaluationView> Get(string id, CancellationToken cancellationToken) => mediator.Send(new GetEvaluation(id), cancellationToken);

    /// <summary>Lists the questions in their order, each with its hits and which of them are relevant.</summary>
    [HttpGet("{id}/results", Name = "listEvaluationResults")]
    public Task<Page<QuestionResult>> Results(string id, [FromQuery] int? limit, [FromQuery] string? order, [FromQuery] string? after, CancellationToken cancellationToken) =>
        mediator.Send(new ListEvaluationResults(id, new PageRequest(limit, order, after)), cancellationToken);

    /// <summary>Compares an evaluation with another by the questions they share: all metrics, whether their differences are more than chance, and the questions that changed most.</summary>
    [HttpGet("{id}/comparison", Name = "compareEvaluations")]
    public Task<EvaluationComparison> Compare(string id, [FromQuery] string? with, CancellationToken cancellationToken) =>
        mediator.Send(new CompareEvaluations(id, with), cancellationToken);

    /// <summary>Ends an evaluation that is queued or in progress. What was found so far can still be read.</summary>
    [HttpPost("{id}/cancel", Name = "cancelEvaluation")]
    public Task<EvaluationView> Cancel(string id, CancellationToken cancellationToken) => mediator.Send(new CancelEvaluation(id), cancellationToken);

    /// <summary>Deletes an evaluation and all its results.</summary>
    [HttpDelete("{id}", Name = "deleteEvaluation")]
    public Task<Deleted> Delete(string id, CancellationToken cancellationToken) => mediator.Send(new DeleteEvaluation(id), cancellationToken);
}
