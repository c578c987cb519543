using System.ClientModel;
using OpenAI.Models;

namespace AiPlatform.Integration.Tests;

public sealed class ModelsTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task The_list_has_what_both_vendors_offer_and_the_offline_models()
    {
        var models = (await Platform.Sdk().GetOpenAIModelClient().GetModelsAsync(Ct)).Value;

        var owners = models.ToDictionary(model => model.Id, model => model.OwnedBy);
        owners["fake-chat"].ShouldBe("openai");
        owners["fake-embedding"].ShouldBe("openai");
        owners["fake-claude"].ShouldBe("anthropic");
        owners["offline"].ShouldBe("offline");
    }

    [Theory]
    [InlineData("fake-chat", "openai")]
    [InlineData("openai/fake-chat", "openai")]
    [InlineData("anthropic/fake-claude", "anthropic")]
    [InlineData("offline", "offline")]
    public async Task A_model_is_found_by_its_id_and_by_its_id_with_the_provider(string id, string owner)
    {
        var model = (await Api.GetAsync($"v1/models/{id}", Ct)).Ok;

        model.GetProperty("object").GetString().ShouldBe("model");
        model.GetProperty("id").GetString().ShouldBe(id.Split('/')[^1]);
        model.GetProperty("owned_by").GetString().ShouldBe(owner);
        model.GetProperty("created").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task The_sdk_gets_one_model()
    {
        OpenAIModel model = await Platform.Sdk().GetOpenAIModelClient().GetModelAsync("fake-claude", Ct);

        model.Id.ShouldBe("fake-claude");
        model.OwnedBy.ShouldBe("anthropic");
    }

    [Fact]
    public async Task An_unknown_model_is_a_404_that_names_it()
    {
        var failure = await Should.ThrowAsync<ClientResultException>(() => Platform.Sdk().GetOpenAIModelClient().GetModelAsync("no-such-model", Ct));

        failure.Status.ShouldBe(404);
        var reply = await Api.GetAsync("v1/models/no-such-model", Ct);
        reply.Code.ShouldBe("model_not_found");
        reply.Error.GetProperty("message").GetString()!.ShouldContain("no-such-model");
    }

    [Theory]
    [InlineData("v1/chat/completions")]
    [InlineData("v1/responses")]
    [InlineData("v1/embeddings")]
    public async Task A_request_for_an_unknown_model_is_a_404_of_the_param_model(string path)
    {
        var reply = await Api.PostAsync(path, new { model = "no-such-model", input = "x", messages = new[] { new { role = "user", content = "x" } } }, Ct);

        reply.Status.ShouldBe(404);
        reply.Code.ShouldBe("model_not_found");
        reply.Param.ShouldBe("model");
    }
}

/// <summary>A vendor's list changes and fails; a configured model needs no list.</summary>
public sealed class ModelConfigurationTests(ModelConfigurationTests.ConfiguredModels platform) : PlatformTest(platform), IClassFixture<ModelConfigurationTests.ConfiguredModels>
{
    [Fact]
    public async Task A_configured_model_is_there_and_goes_to_the_vendor_by_its_other_name()
    {
        var ids = (await Api.GetAsync("v1/models", Ct)).Ok.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ToList();
        ids.ShouldContain("house-model");
        ids.ShouldNotContain("fake-chat");

        (await Api.PostAsync("v1/chat/completions", new { model = "house-model", messages = new[] { new { role = "user", content = "Hi" } } }, Ct)).Ok
            .GetProperty("object").GetString().ShouldBe("chat.completion");
        VendorCalls.ShouldHaveSingleItem().Body.GetProperty("model").GetString().ShouldBe("fake-chat-mini");
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_leaves_the_others_listed_and_the_health_page_says_so()
    {
        var ids = (await Api.GetAsync("v1/models", Ct)).Ok.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ToList();
        ids.ShouldContain("offline");
        ids.ShouldContain("gone-model");

        var health = await Api.GetAsync("health", Ct);
        var models = health.Json.GetProperty("checks").GetProperty("models");
        models.GetProperty("status").GetString().ShouldBe("degraded");
        models.GetProperty("description").GetString()!.ShouldContain("gone");
    }

    public sealed class ConfiguredModels : Platform
    {
        protected override void Configure(IDictionary<string, string?> settings)
        {
            settings["Inference:Providers:openai:Discover"] = "false";
            settings["Inference:Providers:openai:Models:house-model:UpstreamName"] = "fake-chat-mini";
            settings["Inference:Providers:gone:BaseUrl"] = "http://127.0.0.1:9/v1";
            settings["Inference:Providers:gone:Models:gone-model:UpstreamName"] = "gone-model";
        }
    }
}
