using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace AiPlatform.Api.OpenApi;

/// <summary>Describes the document as a whole: what it is, its sections in order, credentials, schemas, errors, and the endpoints that are no controllers.</summary>
internal sealed class DocumentDescriber : IOpenApiDocumentTransformer
{
    private const string About = """
        `/v1` is the OpenAI API: its SDKs work once their base URL is changed. `/api` is what that API has no word for.

        Send an API key with every request: `Authorization: Bearer sk-...`. Every answer carries the header `x-request-id`, by which its log entry is found;
        send one of your own to have it used instead. `/v1` answers errors as `Error`, `/api` as `Problem`; both have a `code` for programs and
        a sentence for people. What belongs to another workspace is a 404, like what does not exist.
        """;

    private static readonly (string Group, string Name, string Description)[] Sections =
    [
        ("OpenAI API", "Models", "The models that requests can name."),
        ("OpenAI API", "Chat completions", "A list of messages in, an answer out. Nothing is stored."),
        ("OpenAI API", "Responses", "Answers that are stored, can be continued, and go on when the connection breaks."),
        ("OpenAI API", "Conversations", "Items that several responses build on."),
        ("OpenAI API", "Embeddings", "Texts as vectors."),
        ("OpenAI API", "Files", "Documents and other files, as they were uploaded."),
        ("OpenAI API", "Uploads", "Large files, in parts."),
        ("OpenAI API", "Vector stores", "Collections of files that can be searched together."),
        ("OpenAI API", "Vector store files", "The files of a vector store: attached, read, cut and embedded, with progress and reasons of failure."),
        ("OpenAI API", "File batches", "Many files attached at once."),
        ("Platform", "Conversation list", "What the API of conversations lacks: a list, and titles."),
        ("Platform", "Documents", "What the API of vector stores lacks: progress as it happens, and documents to be read."),
        ("Platform", "Session", "Signing in to the web app and out of it."),
        ("Platform", "API keys", "Keys of one's own; for admins, all of the workspace."),
        ("Platform", "Users", "The people of the workspace. For admins."),
        ("Platform", "Workspaces", "For the operator of the installation, signed in: no API key may do this."),
        ("Operations", "Health", "For load balancers and monitoring; no key needed."),
    ];

    private static readonly string[] WithoutController = ["health.json", "websocket.json"];

    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AiPlatform",
            Version = typeof(DocumentDescriber).Assembly.GetName().Version!.ToString(3),
            Description = About,
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "This server" }];
        document.Tags = new HashSet<OpenApiTag>(Sections.Select(section => new OpenApiTag { Name = section.Name, Description = section.Description }));
        document.Extensions = new Dictionary<string, IOpenApiExtension> { ["x-tagGroups"] = new JsonNodeExtension(Groups()) };
        SecuritySchemes.AddTo(document);
        await SchemaPatches.ApplyAsync(document, cancellationToken);
        ErrorResponses.AddTo(document);
        foreach (var file in WithoutController)
            foreach (var (path, item) in DocumentParts.File(file)) Add(document, path, item!);
    }

    // A path may have operations of a controller already.
    private static void Add(OpenApiDocument document, string path, JsonNode item)
    {
        var described = OpenApiModelFactory.Parse<OpenApiPathItem>(item.ToJsonString(), OpenApiSpecVersion.OpenApi3_1, document, out _, OpenApiConstants.Json)!;
        if (document.Paths.TryAdd(path, described)) return;
        foreach (var (method, operation) in described.Operations!) document.Paths[path].Operations!.Add(method, operation);
    }

    private static JsonArray Groups() => new([.. Sections.GroupBy(section => section.Group).Select(group => new JsonObject
    {
        ["name"] = group.Key,
        ["tags"] = new JsonArray([.. group.Select(section => JsonValue.Create(section.Name))]),
    })]);
}
