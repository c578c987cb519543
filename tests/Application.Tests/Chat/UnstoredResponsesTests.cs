using AiPlatform.Application.Chat.Responses;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Tests.Chat;

/// <summary>What a connection remembers of responses that are not stored.</summary>
public sealed class UnstoredResponsesTests
{
    // In bytes of UTF-16.
    private const int Room = 100;

    private readonly UnstoredResponses _unstored = new(Room);

    [Fact]
    public void What_was_kept_is_found() => _unstored.Find(Keep("one", "two")).ShouldBe(["one", "two"]);

    [Fact]
    public void What_never_was_is_not() => _unstored.Find(NewId()).ShouldBeNull();

    [Fact]
    public void When_room_runs_out_the_first_goes()
    {
        var (first, second, third) = (Keep(new string('1', 20)), Keep(new string('2', 20)), Keep(new string('3', 20)));

        _unstored.Find(first).ShouldBeNull();
        _unstored.Find(second).ShouldNotBeNull();
        _unstored.Find(third).ShouldNotBeNull();
    }

    [Fact]
    public void What_was_used_meanwhile_stays()
    {
        var (first, second) = (Keep(new string('1', 20)), Keep(new string('2', 20)));
        _unstored.Find(first);
        Keep(new string('3', 20));

        _unstored.Find(first).ShouldNotBeNull();
        _unstored.Find(second).ShouldBeNull();
    }

    [Fact]
    public void What_is_larger_than_the_room_is_not_kept_and_drives_nothing_out()
    {
        var small = Keep("small");

        _unstored.Find(Keep(new string('x', (Room / sizeof(char)) + 1))).ShouldBeNull();
        _unstored.Find(small).ShouldNotBeNull();
    }

    private ResponseId Keep(params string[] items)
    {
        var id = NewId();
        _unstored.Keep(id, items);
        return id;
    }

    private static ResponseId NewId() => Ids.New<ResponseId>(DateTimeOffset.UnixEpoch);
}
