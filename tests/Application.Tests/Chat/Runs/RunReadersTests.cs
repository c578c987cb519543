using AiPlatform.Application.Chat.Runs;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Tests.Chat.Runs;

public sealed class RunReadersTests
{
    private readonly RunReaders _readers = new();
    private readonly ResponseId _response = Ids.New<ResponseId>(SomeRun.Now);

    [Fact]
    public void A_response_is_read_until_its_last_reader_has_gone()
    {
        _readers.Read.ShouldBeEmpty();
        var (one, other) = (_readers.Enter(_response), _readers.Enter(_response));
        using (_readers.Enter(Ids.New<ResponseId>(SomeRun.Now))) _readers.Read.Count.ShouldBe(2);

        one.Dispose();
        _readers.Read.ShouldBe([_response]);
        other.Dispose();
        _readers.Read.ShouldBeEmpty();
    }

    [Fact]
    public async Task However_many_come_and_go_at_once_none_is_forgotten()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
                using (_readers.Enter(_response)) _readers.Read.ShouldContain(_response);
        })));
        _readers.Read.ShouldBeEmpty();
    }
}
