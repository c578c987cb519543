using AiPlatform.Domain.Chat;

namespace AiPlatform.Domain.Tests.Chat;

public sealed class ItemIdTests
{
    private static readonly ItemId Id = new(Guid.ParseExact("0198c5a2b7d07f3e8a1b2c3d4e5f6071", "n"));

    [Theory]
    [InlineData("message", "msg_")]
    [InlineData("reasoning", "rs_")]
    [InlineData("function_call", "fc_")]
    [InlineData("function_call_output", "fco_")]
    [InlineData("something_new", "item_")]
    public void It_is_shown_with_the_prefix_of_its_type_and_read_with_any(string type, string prefix)
    {
        var wire = Id.ToWire(type);
        wire.ShouldBe(prefix + "0198c5a2b7d07f3e8a1b2c3d4e5f6071");
        ItemId.Parse(wire).ShouldBe(Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("_")]
    [InlineData("0198c5a2b7d07f3e8a1b2c3d4e5f6071")]
    [InlineData("_0198c5a2b7d07f3e8a1b2c3d4e5f6071")]
    [InlineData("msg_0198c5a2b7d07f3e8a1b2c3d4e5f607")]
    [InlineData("msg_0198c5a2b7d07f3e8a1b2c3d4e5f60711")]
    [InlineData("msg_0198c5a2-b7d0-7f3e-8a1b-2c3d4e5f6071")]
    [InlineData("msg_0198c5a2b7d07f3e8a1b2c3d4e5f607x")]
    [InlineData("msg_ 198c5a2b7d07f3e8a1b2c3d4e5f6071")]
    public void What_is_no_id_is_no_item(string? wire) => ItemId.Parse(wire).ShouldBeNull();
}
