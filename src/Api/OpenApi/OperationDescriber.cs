using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AiPlatform.Api.OpenApi;

/// <summary>Describes an operation: title, text, who may call it, bodies with examples, errors. Its name is the one in the action's HTTP attribute.</summary>
internal sealed partial class OperationDescriber : IOpenApiOperationTransformer
{
    private const string Json = "application/json";
    private const string Form = "multipart/form-data";

    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["limit"] = "How many, from 1 to 100. Default: 20.",
        ["order"] = "By time: `asc`, or `desc` (default).",
        ["after"] = "The next page: `last_id` of the one before.",
        ["before"] = "The page before: its `first_id`.",
        ["filter"] = "Only files of this status: `in_progress`, `completed`, `failed` or `cancelled`.",
        ["query"] = "Only those whose title contains this.",
        ["model"] = "A model's id, or `provider/model`.",
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var (action, document) = (context.Description, context.Document!);
        var path = action.RelativePath ?? "";
        var id = operation.OperationId ?? throw new InvalidOperationException($"{action.HttpMethod} {path} has no name. Give its HTTP attribute one: [HttpGet(Name = \"...\")].");
        var metadata = action.ActionDescriptor.EndpointMetadata;
        var isPublic = metadata.OfType<IAllowAnonymous>().Any();
        var scope = isPublic ? null : metadata.OfType<IAuthorizeData>().Select(authorize => authorize.Policy).FirstOrDefault(policy => policy is not null);

        operation.Description = operation.Summary + (scope is null ? "" : $"\n\nNeeds the scope `{scope}`.");
        operation.Summary = TitleOf(id);
        operation.Security = isPublic ? [[]] : SecurityOf(action, document);
        DescribeParameters(operation, action);
        if (operation.RequestBody is OpenApiRequestBody request)
        {
            request.Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = request.Content![Json].Schema, Examples = ExamplesOf(id, "request") } };
        }

        else if (RawBodies.FormOf(id) is { } form)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { [Form] = new() { Schema = new OpenApiSchemaReference(form, document), Examples = ExamplesOf(id, "request") } },
            };
        }

        DescribeSuccess(operation, id, document);
        ErrorResponses.AddTo(operation, action.HttpMethod!, path, scope is not null, document);
        return Task.CompletedTask;
    }

    private static void DescribeSuccess(OpenApiOperation operation, string id, OpenApiDocument document)
    {
        var response = (OpenApiResponse)operation.Responses!.First(answer => answer.Key.StartsWith('2')).Value;
        var raw = RawBodies.Of(id);
        IOpenApiSchema? schema = raw is null ? response.Content?.FirstOrDefault(content => content.Key == Json).Value?.Schema
            : raw.Schema is null ? null : new OpenApiSchemaReference(raw.Schema, document);
        if (schema is null && raw is null) return;
        response.Content = new Dictionary<string, OpenApiMediaType>();
        if (schema is not null) response.Content[raw?.Type ?? Json] = new() { Schema = schema, Examples = ExamplesOf(id, "response") };
        if (raw?.Event is null) return;
        var when = schema is null ? "Server-sent events." : "With `stream` true: server-sent events.";
        var number = schema is null || id == "createChatCompletion" ? "" : ", its `id` the `sequence_number`";
        response.Content["text/event-stream"] = new()
        {
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = $"{when} The `data` of each is a `{raw.Event}`{number}." },
            Example = JsonValue.Create(DocumentParts.Stream(id)),
        };
    }

    private static void DescribeParameters(OpenApiOperation operation, ApiDescription action)
    {
        var computed = action.ParameterDescriptions.Where(parameter => parameter.ModelMetadata is { ContainerType: not null, IsReadOnly: true }).Select(parameter => parameter.Name).ToHashSet();
        operation.Parameters = operation.Parameters?.Where(parameter => !computed.Contains(parameter.Name!)).ToList();
        foreach (var parameter in (operation.Parameters ?? []).Cast<OpenApiParameter>())
        {
            if (parameter.In is ParameterLocation.Query) parameter.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
            parameter.Description ??= Parameters.GetValueOrDefault(parameter.Name!);
        }
    }

    /// <summary>An API key, or the web app's cookie, which needs the CSRF token as well to change something. What is about a session takes the cookie only.</summary>
    private static List<OpenApiSecurityRequirement> SecurityOf(ApiDescription action, OpenApiDocument document)
    {
        var cookie = new OpenApiSecurityRequirement { [new(SecuritySchemes.Cookie, document)] = [] };
        if (action.HttpMethod != HttpMethods.Get) cookie[new(SecuritySchemes.Csrf, document)] = [];
        return action.RelativePath!.StartsWith("api/session", StringComparison.Ordinal) ? [cookie] : [new() { [new(SecuritySchemes.ApiKey, document)] = [] }, cookie];
    }

    private static Dictionary<string, IOpenApiExample>? ExamplesOf(string operation, string kind)
    {
        var examples = DocumentParts.Examples(operation, kind).ToDictionary(
            example => example.Name, IOpenApiExample (example) => new OpenApiExample { Summary = TitleOf(example.Name.Replace('-', ' ')), Value = example.Value });
        return examples.Count == 0 ? null : examples;
    }

    /// <summary><c>createChatCompletion</c>: Create chat completion.</summary>
    private static string TitleOf(string name)
    {
        var words = Capitals().Replace(name, match => " " + match.Value.ToLowerInvariant()).Replace(" api ", " API ", StringComparison.Ordinal);
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capitals();
}
