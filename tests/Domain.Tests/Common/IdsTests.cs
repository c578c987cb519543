using System.Reflection;
using AiPlatform.Domain.Chat;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;

namespace AiPlatform.Domain.Tests.Common;

public sealed class IdsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Every_id_is_read_back_as_it_was_written()
    {
        var ids = typeof(Ids).Assembly.GetTypes().Where(type => type.GetInterfaces().Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IId<>))).ToList();
        ids.Count.ShouldBeGreaterThan(4);
        foreach (var id in ids) typeof(IdsTests).GetMethod(nameof(RoundTrips), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(id).Invoke(null, null);
    }

    private static void RoundTrips<T>() where T : struct, IId<T>
    {
        // As the API has them: files alone go by a hyphen.
        T.Prefix.ShouldEndWith(typeof(T) == typeof(FileId) ? "-" : "_");
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            var id = T.From(new Guid(bytes));
            var wire = id.ToWire();
            wire.ShouldStartWith(T.Prefix);
            wire.Length.ShouldBe(T.Prefix.Length + 32);
            Ids.Parse<T>(wire).ShouldBe(id);
            Ids.Parse<T>(wire[..^1]).ShouldBeNull();
            Ids.Parse<T>(wire + "0").ShouldBeNull();
            Ids.Parse<T>(wire[T.Prefix.Length..]).ShouldBeNull();
        }
    }

    [Fact]
    public void An_id_of_one_kind_is_none_of_another()
    {
        var response = Ids.New<ResponseId>(Now).ToWire();
        Ids.Parse<ConversationId>(response).ShouldBeNull();
        Ids.Parse<ResponseId>(response).ShouldNotBeNull();
        Ids.Parse<ResponseId>(response.ToUpperInvariant()).ShouldBeNull();
        Ids.Parse<ResponseId>(null).ShouldBeNull();
    }

    [Fact]
    public void Ids_made_later_sort_later()
    {
        var wires = Enumerable.Range(0, 50).Select(i => Ids.New<ConversationId>(Now.AddMilliseconds(i)).ToWire()).ToList();
        wires.Order(StringComparer.Ordinal).ShouldBe(wires);
    }

    [Fact]
    public void No_two_ids_are_the_same() =>
        Enumerable.Range(0, 1000).Select(_ => Ids.New<UserId>(Now)).Distinct().Count().ShouldBe(1000);
}
