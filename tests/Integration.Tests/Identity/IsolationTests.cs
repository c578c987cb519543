using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests.Identity;

/// <summary>
/// Two workspaces: what belongs to one does not exist for the other, whatever the route and wherever the id stands. The routes are those that the
/// application really has, so a new one is covered, or fails here until it is told which id it takes.
/// </summary>
public sealed class IsolationTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private const string Model = Vendors.OpenAi;

    // A body that suits every route that takes one, so that it is the id that decides.
    private static readonly object AnyBody = new
    {
        metadata = new { k = "v" }, file_id = "file-x", file_ids = new[] { "file-x" }, attributes = new { k = "v" }, part_ids = new[] { "part_x" }, items = new[] { new { type = "message", role = "user", content = "x" } }, title = "Stolen", name = "Stolen", email = "stolen@example.com", role = "admin",
    };

    [Fact]
    public async Task A_foreign_id_is_a_404_on_every_route_by_key_and_by_cookie()
    {
        var mine = await BelongingsAsync();
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var routes = Actions().Where(route => route.RoutePattern.Parameters.Any(parameter => !parameter.IsCatchAll)).ToList();
        routes.Count.ShouldBeGreaterThan(10);

        var leaks = new List<string>();
        foreach (var route in routes)
        {
            foreach (var method in MethodsOf(route))
            {
                foreach (var api in new[] { tenant.Api, tenant.Admin.Api })
                {
                    using var request = new HttpRequestMessage(method, AddressOf(route, mine.IdFor)) { Content = BodyOf(route, method) };
                    var reply = await api.SendAsync(request, Ct);
                    if (reply.Status != 404) leaks.Add($"{method} {route.RoutePattern.RawText}: {reply.Status} {reply.Text}");
                }
            }
        }

        leaks.ShouldBeEmpty();
        await mine.ShouldBeUntouchedAsync(Api, Ct);
    }

    [Fact]
    public async Task An_own_conversation_does_not_open_a_foreign_item()
    {
        var mine = await BelongingsAsync();
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var theirs = (await tenant.Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString();

        (await tenant.Api.GetAsync($"v1/conversations/{theirs}/items/{mine.Item}", Ct)).Status.ShouldBe(404);
        (await tenant.Api.DeleteAsync($"v1/conversations/{theirs}/items/{mine.Item}", Ct)).Status.ShouldBe(404);
        await mine.ShouldBeUntouchedAsync(Api, Ct);
    }

    [Fact]
    public async Task An_own_store_does_not_open_a_foreign_file_or_batch()
    {
        var mine = await BelongingsAsync();
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var theirs = $"v1/vector_stores/{(await tenant.Api.PostAsync("v1/vector_stores", new { }, Ct)).Ok.GetProperty("id").GetString()}";

        foreach (var path in new[] { $"files/{mine.File}", $"files/{mine.File}/content", $"file_batches/{mine.Batch}", $"file_batches/{mine.Batch}/files" })
            (await tenant.Api.GetAsync($"{theirs}/{path}", Ct)).Status.ShouldBe(404, path);
        foreach (var path in new[] { $"files/{mine.File}", $"files/{mine.File}/retry", $"file_batches/{mine.Batch}/cancel" })
            (await tenant.Api.PostAsync($"{theirs}/{path}", AnyBody, Ct)).Status.ShouldBe(404, path);
        (await tenant.Api.DeleteAsync($"{theirs}/files/{mine.File}", Ct)).Status.ShouldBe(404);
        await mine.ShouldBeUntouchedAsync(Api, Ct);
    }

    public static TheoryData<string, string, string> IdsElsewhere => new()
    {
        { "POST", "v1/responses", """{"model":"fake-chat","input":"x","previous_response_id":"{response}"}""" },
        { "POST", "v1/responses", """{"model":"fake-chat","input":"x","conversation":"{conversation}"}""" },
        { "POST", "v1/responses", """{"model":"fake-chat","input":"x","conversation":{"id":"{conversation}"}}""" },
        { "POST", "v1/responses", """{"model":"fake-chat","input":"x","conversation":"{conversation}","store":false}""" },
        { "POST", "v1/responses", """{"model":"fake-chat","input":[{"type":"item_reference","id":"{item}"}]}""" },
        { "POST", "v1/responses", """{"model":"fake-chat","input":[{"id":"{item}"}],"stream":true}""" },
        { "POST", "v1/responses/input_tokens", """{"model":"fake-chat","input":"x","previous_response_id":"{response}"}""" },
        { "POST", "v1/responses/input_tokens", """{"model":"fake-chat","input":"x","conversation":"{conversation}"}""" },
        { "POST", "v1/responses/input_tokens", """{"model":"fake-chat","input":[{"type":"item_reference","id":"{item}"}]}""" },
        { "POST", "v1/conversations", """{"items":[{"type":"item_reference","id":"{item}"}]}""" },
        { "POST", "v1/conversations/{own-conversation}/items", """{"items":[{"type":"item_reference","id":"{item}"}]}""" },
        { "GET", "v1/conversations/{own-conversation}/items?after={item}", "" },
        { "GET", "v1/responses/{own-response}/input_items?after={item}", "" },
        { "GET", "api/conversations?after={conversation}", "" },
        { "POST", "v1/vector_stores", """{"file_ids":["{file}"]}""" },
        { "POST", "v1/vector_stores/{own-store}/files", """{"file_id":"{file}"}""" },
        { "POST", "v1/vector_stores/{own-store}/files", """{"file_id":"{own-file}","replaces":"{file}"}""" },
        { "POST", "v1/vector_stores/{own-store}/file_batches", """{"file_ids":["{own-file}","{file}"]}""" },
        { "POST", "v1/vector_stores/{own-store}/file_batches", """{"files":[{"file_id":"{file}"}]}""" },
        { "POST", "v1/vector_stores/{own-store}/file_batches", """{"files":[{"file_id":"{own-file}","replaces":"{file}"}]}""" },
        { "GET", "v1/vector_stores?after={store}", "" },
        { "GET", "v1/vector_stores?before={store}", "" },
        { "GET", "v1/vector_stores/{own-store}/files?after={file}", "" },
        { "GET", "v1/vector_stores/{own-store}/files?before={file}", "" },
        { "POST", "api/evaluations", """{"vector_store_id":"{store}","questions":[{"query":"x","relevant":[{"quote":"x"}]}]}""" },
        { "POST", "api/evaluations", """{"vector_store_id":"{own-store}","questions":[{"query":"x","relevant":[{"file_id":"{file}"}]}]}""" },
        { "GET", "api/evaluations?after={evaluation}", "" },
        { "GET", "api/evaluations/{own-evaluation}/comparison?with={evaluation}", "" },
        { "POST", "v1/uploads/{own-upload}/complete", """{"part_ids":["{part}"]}""" },
    };

    [Theory]
    [MemberData(nameof(IdsElsewhere))]
    public async Task A_foreign_id_in_a_body_or_a_cursor_is_like_one_that_never_was(string method, string path, string body)
    {
        var mine = await BelongingsAsync();
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var own = new Dictionary<string, string>
        {
            ["{own-conversation}"] = IdOf(await tenant.Api.PostAsync("v1/conversations", new { }, Ct)),
            ["{own-response}"] = IdOf(await tenant.Api.PostAsync("v1/responses", new { model = Model, input = "x" }, Ct)),
            ["{own-file}"] = await UploadAsync(tenant.Api),
            ["{own-store}"] = IdOf(await tenant.Api.PostAsync("v1/vector_stores", new { }, Ct)),
            ["{own-upload}"] = await BeginUploadAsync(tenant.Api),
        };
        own["{own-evaluation}"] = await EvaluateAsync(tenant.Api, own["{own-store}"]);
        Vendor.Reset();

        const string Nobodys = "0123456789abcdef0123456789abcdef";
        var foreign = await AskAsync(mine.ByPlace);
        var never = await AskAsync(mine.ByPlace.ToDictionary(id => id.Key, id => id.Value[..^Nobodys.Length] + Nobodys));

        foreign.Reply.Status.ShouldBeOneOf(400, 404);
        // Not a word tells the two apart.
        foreign.Anonymous.ShouldBe(never.Anonymous);
        VendorCalls.ShouldBeEmpty();
        await mine.ShouldBeUntouchedAsync(Api, Ct);

        async Task<(Reply Reply, string Anonymous)> AskAsync(IReadOnlyDictionary<string, string> ids)
        {
            var reply = await tenant.Api.SendAsync(new HttpMethod(method), Fill(path, ids), body.Length == 0 ? null : Fill(body, ids), Ct);
            var text = System.Text.RegularExpressions.Regex.Replace(reply.Text, "\"request_id\":\"[^\"]*\"", "");
            return (reply, $"{reply.Status} {ids.Values.Aggregate(text, (rest, id) => rest.Replace(id[^Nobodys.Length..], "ID", StringComparison.Ordinal))}");
        }

        string Fill(string text, IReadOnlyDictionary<string, string> ids) =>
            own.Concat(ids).Aggregate(text, (rest, id) => rest.Replace(id.Key, id.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lists_show_only_what_is_ones_own()
    {
        var mine = await BelongingsAsync();
        using var tenant = await Platform.CreateTenantAsync(Ct);
        foreach (var path in new[] { "api/conversations", "api/keys", "api/users", "v1/files", "v1/vector_stores", "api/evaluations" })
        {
            foreach (var api in new[] { tenant.Api, tenant.Admin.Api })
            {
                var list = await api.GetAsync(path, Ct);
                foreach (var id in mine.All) list.Text.ShouldNotContain(id);
                list.Status.ShouldBe(200);
            }
        }
    }

    [Fact]
    public async Task Every_route_wants_a_credential_but_the_few_that_are_meant_for_all()
    {
        string[] open = ["POST api/session", "POST api/session/link"];
        using var anyone = Platform.Client(null);
        foreach (var route in Actions())
        {
            foreach (var method in MethodsOf(route))
            {
                var name = $"{method} {route.RoutePattern.RawText}";
                var reply = await anyone.SendAsync(method, AddressOf(route, (_, _) => "x"), method == HttpMethod.Get ? null : AnyBody, Ct);
                if (open.Contains(name)) route.Metadata.GetMetadata<IAllowAnonymous>().ShouldNotBeNull(name);
                else reply.Status.ShouldBe(401, $"{name}: {reply.Text}");
            }
        }
    }

    private List<RouteEndpoint> Actions() => [.. Platform.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null)];

    private static IEnumerable<HttpMethod> MethodsOf(RouteEndpoint route) =>
        route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => new HttpMethod(method));

    private static string AddressOf(RouteEndpoint route, Func<string, string, string> idFor) => string.Join('/', route.RoutePattern.PathSegments.Select(segment =>
        string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternParameterPart parameter => idFor(route.RoutePattern.RawText!, parameter.Name),
            _ => throw new InvalidOperationException($"{route.RoutePattern.RawText} has a part this test does not know."),
        }))));

    // Parts of uploads come as forms.
    private static HttpContent? BodyOf(RouteEndpoint route, HttpMethod method)
    {
        if (method == HttpMethod.Get || method == HttpMethod.Delete) return null;
        return route.RoutePattern.RawText!.EndsWith("/parts", StringComparison.Ordinal) ? FormOf("data", []) : ApiClient.Content(AnyBody);
    }

    private static MultipartFormDataContent FormOf(string field, (string Name, string Value)[] others)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in others) form.Add(new StringContent(value), name);
        form.Add(new ByteArrayContent("Mine"u8.ToArray()), field, "mine.txt");
        return form;
    }

    private async Task<string> UploadAsync(ApiClient api)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = FormOf("file", [("purpose", "assistants")]) };
        return IdOf(await api.SendAsync(request, Ct));
    }

    private async Task<string> BeginUploadAsync(ApiClient api) =>
        IdOf(await api.PostAsync("v1/uploads", new { filename = "mine.txt", purpose = "assistants", bytes = 4, mime_type = "text/plain" }, Ct));

    private async Task<string> EvaluateAsync(ApiClient api, string store)
    {
        var id = IdOf(await api.PostAsync("api/evaluations", new { vector_store_id = store, questions = new[] { new { query = "x", relevant = new[] { new { quote = "x" } } } } }, Ct));
        await EventuallyAsync(async () => (await api.GetAsync($"api/evaluations/{id}", Ct)).Ok.GetProperty("status").GetString() == "completed" ? id : null);
        return id;
    }

    private static string IdOf(Reply reply) => reply.Ok.GetProperty("id").GetString()!;

    private async Task<Belongings> BelongingsAsync()
    {
        var conversation = (await Api.PostAsync("v1/conversations", new { metadata = new { whose = "mine" } }, Ct)).Ok.GetProperty("id").GetString()!;
        var response = (await Api.PostAsync("v1/responses", new { model = Model, input = "Mine", conversation }, Ct)).Ok.GetProperty("id").GetString()!;
        var item = (await Api.GetAsync($"v1/conversations/{conversation}/items", Ct)).Ok.GetProperty("first_id").GetString()!;
        var key = (await Platform.Operator.Api.PostAsync("api/keys", new { name = "Mine" }, Ct)).Ok.GetProperty("key").GetProperty("id").GetString()!;
        var upload = await BeginUploadAsync(Api);
        using var part = new HttpRequestMessage(HttpMethod.Post, $"v1/uploads/{upload}/parts") { Content = FormOf("data", []) };
        var file = await UploadAsync(Api);
        var store = IdOf(await Api.PostAsync("v1/vector_stores", new { metadata = new { whose = "mine" } }, Ct));
        return new Belongings
        {
            Conversation = conversation, Response = response, Item = item, Key = key, User = Platform.Operator.UserId,
            File = file, Upload = upload, Part = IdOf(await Api.SendAsync(part, Ct)),
            Store = store, Batch = IdOf(await Api.PostAsync($"v1/vector_stores/{store}/file_batches", new { file_ids = new[] { file }, attributes = new { whose = "mine" } }, Ct)),
            Evaluation = await EvaluateAsync(Api, store),
        };
    }

    private sealed record Belongings
    {
        public required string Conversation { get; init; }
        public required string Response { get; init; }
        public required string Item { get; init; }
        public required string Key { get; init; }
        public required string User { get; init; }
        public required string File { get; init; }
        public required string Upload { get; init; }
        public required string Part { get; init; }
        public required string Store { get; init; }
        public required string Batch { get; init; }
        public required string Evaluation { get; init; }

        public IEnumerable<string> All => [Conversation, Response, Item, Key, User, File, Upload, Part, Store, Batch, Evaluation];

        /// <summary>What may stand in a body or a cursor.</summary>
        public IReadOnlyDictionary<string, string> ByPlace => new Dictionary<string, string>
        {
            ["{conversation}"] = Conversation, ["{response}"] = Response, ["{item}"] = Item, ["{file}"] = File, ["{store}"] = Store, ["{part}"] = Part, ["{evaluation}"] = Evaluation,
        };

        public string IdFor(string route, string parameter) => (route.Split('/') is [_, var resource, ..] ? resource : "", parameter) switch
        {
            ("responses", "id") => Response,
            ("conversations", "id") => Conversation,
            ("conversations", "itemId") => Item,
            ("keys", "id") => Key,
            ("users", "id") => User,
            ("files", "id") => File,
            ("uploads", "id") => Upload,
            ("evaluations", "id") => Evaluation,
            ("vector_stores", "id") => Store,
            ("vector_stores", "fileId") => File,
            ("vector_stores", "batchId") => Batch,
            _ => throw new InvalidOperationException($"The route {route} has a parameter '{parameter}' that this test knows no id for. Add one, so that the route is covered."),
        };

        public async Task ShouldBeUntouchedAsync(ApiClient owner, CancellationToken cancellationToken)
        {
            (await owner.GetAsync($"v1/responses/{Response}", cancellationToken)).Ok.GetProperty("status").GetString().ShouldBe("completed");
            (await owner.GetAsync($"v1/conversations/{Conversation}", cancellationToken)).Ok.GetProperty("metadata").GetRawText().ShouldBe("""{"whose":"mine"}""");
            (await owner.GetAsync($"v1/conversations/{Conversation}/items", cancellationToken)).Ok.GetProperty("data").GetArrayLength().ShouldBe(2);
            (await owner.GetAsync($"v1/conversations/{Conversation}/items/{Item}", cancellationToken)).Status.ShouldBe(200);
            (await owner.GetAsync($"v1/files/{File}/content", cancellationToken)).Text.ShouldBe("Mine");
            (await owner.GetAsync($"v1/vector_stores/{Store}", cancellationToken)).Ok.GetProperty("metadata").GetRawText().ShouldBe("""{"whose":"mine"}""");
            (await owner.GetAsync($"v1/vector_stores/{Store}/files/{File}", cancellationToken)).Ok.GetProperty("attributes").GetRawText().ShouldBe("""{"whose":"mine"}""");
            (await owner.GetAsync($"v1/vector_stores/{Store}/file_batches/{Batch}", cancellationToken)).Ok.GetProperty("status").GetString().ShouldNotBe("cancelled");
            (await owner.GetAsync($"api/evaluations/{Evaluation}", cancellationToken)).Ok.GetProperty("status").GetString().ShouldBe("completed");
            (await owner.PostAsync($"v1/uploads/{Upload}/complete", new { part_ids = new[] { Part } }, cancellationToken)).Ok.GetProperty("status").GetString().ShouldBe("completed");
            var key = (await owner.GetAsync("api/keys", cancellationToken)).Ok.GetProperty("data").EnumerateArray().Single(key => key.GetProperty("id").GetString() == Key);
            (key.TryGetProperty("revoked_at", out var revoked) && revoked.ValueKind is JsonValueKind.Number).ShouldBeFalse();
        }
    }
}
