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
        metadata = new { k = "v" }, part_ids = new[] { "part_1" }, items = new[] { new { type = "message", role = "user", content = "x" } }, title = "Stolen", name = "Stolen", email = "stolen@example.com", role = "admin",
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
                    var reply = await api.SendAsync(method, AddressOf(route, mine.IdFor), method == HttpMethod.Get || method == HttpMethod.Delete ? null : AnyBody, Ct);
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
    };

    [Theory]
    [MemberData(nameof(IdsElsewhere))]
    public async Task A_foreign_id_in_a_body_or_a_cursor_is_like_one_that_never_was(string method, string path, string body)
    {
        var mine = await BelongingsAsync();
        using var tenant = await Platform.CreateTenantAsync(Ct);
        var ownConversation = (await tenant.Api.PostAsync("v1/conversations", new { }, Ct)).Ok.GetProperty("id").GetString()!;
        var ownResponse = (await tenant.Api.PostAsync("v1/responses", new { model = Model, input = "x" }, Ct)).Ok.GetProperty("id").GetString()!;
        Vendor.Reset();

        const string Nobodys = "0123456789abcdef0123456789abcdef";
        var foreign = await AskAsync(mine.Response, mine.Conversation, mine.Item);
        var never = await AskAsync("resp_" + Nobodys, "conv_" + Nobodys, "msg_" + Nobodys);

        foreign.Status.ShouldBeOneOf(400, 404);
        // Not a word tells the two apart.
        Anonymous(foreign, mine.Response, mine.Conversation, mine.Item).ShouldBe(Anonymous(never, "resp_" + Nobodys, "conv_" + Nobodys, "msg_" + Nobodys));
        VendorCalls.ShouldBeEmpty();
        await mine.ShouldBeUntouchedAsync(Api, Ct);

        Task<Reply> AskAsync(string response, string conversation, string item) => tenant.Api.SendAsync(
            new HttpMethod(method), Fill(path, response, conversation, item), body.Length == 0 ? null : Fill(body, response, conversation, item), Ct);

        string Fill(string text, string response, string conversation, string item) => text
            .Replace("{own-conversation}", ownConversation, StringComparison.Ordinal).Replace("{own-response}", ownResponse, StringComparison.Ordinal)
            .Replace("{response}", response, StringComparison.Ordinal).Replace("{conversation}", conversation, StringComparison.Ordinal).Replace("{item}", item, StringComparison.Ordinal);

        static string Anonymous(Reply reply, params string[] ids)
        {
            var text = System.Text.RegularExpressions.Regex.Replace(reply.Text, "\"request_id\":\"[^\"]*\"", "");
            return $"{reply.Status} {ids.Aggregate(text, (rest, id) => rest.Replace(id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..], "ID", StringComparison.Ordinal))}";
        }
    }

    [Fact]
    public async Task Lists_show_only_what_is_ones_own()
    {
        var mine = await BelongingsAsync();
        using var tenant = await Platform.CreateTenantAsync(Ct);
        foreach (var path in new[] { "api/conversations", "api/keys", "api/users", "v1/files" })
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

    private async Task<Belongings> BelongingsAsync()
    {
        var conversation = (await Api.PostAsync("v1/conversations", new { metadata = new { whose = "mine" } }, Ct)).Ok.GetProperty("id").GetString()!;
        var response = (await Api.PostAsync("v1/responses", new { model = Model, input = "Mine", conversation }, Ct)).Ok.GetProperty("id").GetString()!;
        var item = (await Api.GetAsync($"v1/conversations/{conversation}/items", Ct)).Ok.GetProperty("first_id").GetString()!;
        var key = (await Platform.Operator.Api.PostAsync("api/keys", new { name = "Mine" }, Ct)).Ok.GetProperty("key").GetProperty("id").GetString()!;
        using var form = new MultipartFormDataContent { { new StringContent("user_data"), "purpose" }, { new StringContent("Mine"), "file", "mine.txt" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/files") { Content = form };
        var file = (await Api.SendAsync(request, Ct)).Ok.GetProperty("id").GetString()!;
        var upload = (await Api.PostAsync("v1/uploads", new { filename = "mine.txt", purpose = "user_data", bytes = 4, mime_type = "text/plain" }, Ct)).Ok.GetProperty("id").GetString()!;
        return new Belongings(conversation, response, item, key, Platform.Operator.UserId, file, upload);
    }

    private sealed record Belongings(string Conversation, string Response, string Item, string Key, string User, string File, string Upload)
    {
        public IEnumerable<string> All => [Conversation, Response, Item, Key, User, File, Upload];

        public string IdFor(string route, string parameter) => (route.Split('/') is [_, var resource, ..] ? resource : "", parameter) switch
        {
            ("responses", "id") => Response,
            ("conversations", "id") => Conversation,
            ("conversations", "itemId") => Item,
            ("keys", "id") => Key,
            ("users", "id") => User,
            ("files", "id") => File,
            ("uploads", "id") => Upload,
            _ => throw new InvalidOperationException($"The route {route} has a parameter '{parameter}' that this test knows no id for. Add one, so that the route is covered."),
        };

        public async Task ShouldBeUntouchedAsync(ApiClient owner, CancellationToken cancellationToken)
        {
            (await owner.GetAsync($"v1/responses/{Response}", cancellationToken)).Ok.GetProperty("status").GetString().ShouldBe("completed");
            (await owner.GetAsync($"v1/conversations/{Conversation}", cancellationToken)).Ok.GetProperty("metadata").GetRawText().ShouldBe("""{"whose":"mine"}""");
            (await owner.GetAsync($"v1/conversations/{Conversation}/items", cancellationToken)).Ok.GetProperty("data").GetArrayLength().ShouldBe(2);
            (await owner.GetAsync($"v1/conversations/{Conversation}/items/{Item}", cancellationToken)).Status.ShouldBe(200);
            (await owner.GetAsync($"v1/files/{File}/content", cancellationToken)).Text.ShouldBe("Mine");
            (await owner.GetAsync($"v1/files/{File}", cancellationToken)).Status.ShouldBe(200);
            var key = (await owner.GetAsync("api/keys", cancellationToken)).Ok.GetProperty("data").EnumerateArray().Single(key => key.GetProperty("id").GetString() == Key);
            (key.TryGetProperty("revoked_at", out var revoked) && revoked.ValueKind is JsonValueKind.Number).ShouldBeFalse();
        }
    }
}
