using System.Globalization;
using System.Text.Json.Nodes;
using AiPlatform.Api.Errors;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace AiPlatform.Api.OpenApi;

/// <summary>Which errors an operation can answer with, and what they look like. The examples are written by the code that writes the errors.</summary>
internal static class ErrorResponses
{
    private static readonly string[] ModelCalls = ["createChatCompletion", "createEmbedding", "createResponse"];
    private static readonly string[] Conflicts =
    [
        "createResponse", "addUploadPart", "completeUpload", "cancelUpload", "inviteUser", "disableUser", "createWorkspace", "changePassword",
        "createVectorStoreFile", "createVectorStoreFileBatch", "retryVectorStoreFile",
    ];

    /// <summary>They take ids in their body, of things that may not be there.</summary>
    private static readonly string[] NamesOthers = ["createVectorStore"];

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly ApiError[] Shared =
    [
        new(401, "invalid_api_key", "The API key is wrong, revoked or expired. An admin can make a new one in the web app."),
        new(403, "insufficient_scope", "Your API key or role does not allow this request."),
        new(413, "request_too_large", "The request body is larger than this server accepts (setting Edge:MaxRequestBodyBytes)."),
        new(415, "unsupported_media_type", "The request body must be JSON, with the header Content-Type: application/json."),
        new(500, "internal_error", "Something went wrong on our side. The request id leads the operator to the log entry."),
        new(503, "database_unavailable", "The database cannot be reached at the moment. Try again shortly.", RetryAfter: Second),
    ];

    private static readonly ApiError[] OnV1 =
    [
        .. Shared,
        new(400, "invalid_value", "Invalid 'temperature': it must be from 0 to 2.", "temperature"),
        new(404, "not_found", "Response with id 'resp_01a20301b8017d4cbf5df38ab828f623' not found."),
        new(409, "conversation_locked", "Another response is in progress in this conversation. Wait until it ends, or cancel it.", "conversation", Second),
        new(422, "upstream_rejected", "The provider 'openai' answered with status 422."),
        new(429, "rate_limit_exceeded", "Rate limit reached for requests. Please try again in 20s.", RetryAfter: TimeSpan.FromSeconds(20)),
        new(502, "upstream_interrupted", "The connection to the provider 'openai' broke before the answer was whole."),
        new(504, "upstream_timeout", "The model 'gpt-4.1-mini' did not send a first token within 120 s (setting Inference:Timeouts:FirstToken)."),
    ];

    private static readonly ApiError[] OnApi =
    [
        .. Shared,
        new(400, "invalid_value", "Invalid 'name': 'name' must not be empty.", "name") { Fields = new Dictionary<string, string[]> { ["name"] = ["'name' must not be empty."] } },
        new(404, "not_found", "User with id 'user_01a20301b976724da80b0793aeae7df9' not found."),
        new(409, "user.email_taken", "Another user has this e-mail address.", "email"),
        new(429, "too_many_attempts", "Too many failed sign-ins. Try again in 5 min.", RetryAfter: TimeSpan.FromMinutes(5)),
    ];

    /// <summary>Adds the responses that operations refer to.</summary>
    public static void AddTo(OpenApiDocument document)
    {
        foreach (var error in OnV1) document.AddComponent(NameOf(isV1: true, error.Status), Describe(document, error, "application/json", "Error", ErrorWriter.Envelope(error)));
        foreach (var error in OnApi) document.AddComponent(NameOf(isV1: false, error.Status), Describe(document, error, "application/problem+json", "Problem", ErrorWriter.Problem(error, "req_01a2030128ff7d6c8f3b")));
    }

    public static void AddTo(OpenApiOperation operation, string method, string path, bool needsScope, OpenApiDocument document)
    {
        var id = operation.OperationId!;
        var changes = method != HttpMethods.Get;
        var hasBody = operation.RequestBody is not null;
        var isModelCall = ModelCalls.Contains(id);
        (int Status, bool Applies)[] statuses =
        [
            (400, hasBody || operation.Parameters?.Any(parameter => parameter.In is ParameterLocation.Query) is true || path.StartsWith("api/session", StringComparison.Ordinal)),
            (401, true),
            (403, changes || needsScope),
            (404, path.Contains('{', StringComparison.Ordinal) || isModelCall || id == "countInputTokens" || NamesOthers.Contains(id)),
            (409, Conflicts.Contains(id)),
            (413, hasBody),
            (415, hasBody),
            (422, isModelCall),
            (429, isModelCall || id == "signIn"),
            (500, true),
            (502, isModelCall),
            (503, true),
            (504, isModelCall),
        ];
        var isV1 = path.StartsWith("v1/", StringComparison.Ordinal);
        foreach (var (status, applies) in statuses)
            if (applies) operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponseReference(NameOf(isV1, status), document);
    }

    private static string NameOf(bool isV1, int status) => (isV1 ? "Error" : "Problem") + status.ToString(CultureInfo.InvariantCulture);

    private static OpenApiResponse Describe(OpenApiDocument document, ApiError error, string type, string schema, byte[] example) => new()
    {
        Description = ReasonPhrases.GetReasonPhrase(error.Status),
        Headers = error.RetryAfter is null ? null : new Dictionary<string, IOpenApiHeader>
        {
            ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
        },
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [type] = new() { Schema = new OpenApiSchemaReference(schema, document), Example = JsonNode.Parse(example) },
        },
    };
}
