using AiPlatform.Application.Chat.Responses;
using AiPlatform.Application.Identity.Contracts;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests.Responses;

/// <summary>What is past its time goes, with all that belongs to it.</summary>
public sealed class PurgeTests(Platform platform) : ResponseTest(platform), IClassFixture<Platform>
{
    [Fact]
    public async Task Expired_responses_go_with_their_logs_and_keys_and_the_others_stay()
    {
        var (old, recent) = (await CreateWithKeyAsync("old"), await CreateWithKeyAsync("recent"));
        await Platform.Database.ScalarAsync($"UPDATE chat.responses SET expires_at = now() - interval '1 second' WHERE id = '{old[5..]}'", Ct);
        await PurgeAsync();

        (await CountAsync(old), await CountAsync(recent)).ShouldBe((0, 3));
        (await Api.GetAsync($"v1/responses/{recent}?stream=true", Ct)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Expired_keys_go_and_their_responses_stay()
    {
        var id = await CreateWithKeyAsync("short");
        await Platform.Database.ScalarAsync("UPDATE chat.idempotency_keys SET expires_at = now() - interval '1 second' WHERE key = 'short'", Ct);
        await PurgeAsync();

        (await CountAsync(id)).ShouldBe(2);
    }

    private async Task<string> CreateWithKeyAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/responses")
        {
            Content = new StringContent("""{"model":"fake-chat","input":"Hi"}""", System.Text.Encoding.UTF8, "application/json"), Headers = { { "Idempotency-Key", key } },
        };
        return IdOf((await Api.SendAsync(request, Ct)).Ok);
    }

    // As the job does it.
    private async Task PurgeAsync()
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().EnterSystem();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new PurgeExpiredResponses(), Ct);
    }

    /// <summary>Rows of the response: itself, its log, its key.</summary>
    private async Task<long> CountAsync(string id) => (long)(await Platform.Database.ScalarAsync(
        $"""
         SELECT (SELECT count(*) FROM chat.responses WHERE id = '{id[5..]}') + (SELECT count(*) FROM chat.response_logs WHERE response_id = '{id[5..]}')
              + (SELECT count(*) FROM chat.idempotency_keys WHERE response_id = '{id[5..]}') + (SELECT count(*) FROM chat.run_events WHERE response_id = '{id[5..]}')
         """, Ct))!;
}
