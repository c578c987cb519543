using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Application.Chat.Wire;
using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Tests.Chat;

public sealed class InputReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("[]")]
    public void No_input_is_no_items(string? input) => Read(input).ShouldBeEmpty();

    [Theory]
    [InlineData("\"Hi \\\"you\\\" 🌏 \\u0000\"")]
    [InlineData("""[{"role":"user","content":"Hi \"you\" 🌏 \u0000"}]""")]
    [InlineData("""[{"type":"message","role":"user","content":"Hi \"you\" 🌏 \u0000"}]""")]
    [InlineData("""[{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi \"you\" 🌏 \u0000"}]}]""")]
    [InlineData("""[{"type":"message","role":"user","content":[{"type":"text","text":"Hi \"you\" 🌏 \u0000"}],"id":"msg_theirs","status":"in_progress"}]""")]
    public void A_users_message_comes_to_one_form_however_it_is_written(string input) => Shown(input).ShouldBeJson(
        """[{"type":"message","status":"completed","role":"user","content":[{"type":"input_text","text":"Hi \"you\" 🌏 \u0000"}]}]""");

    [Theory]
    [InlineData("""[{"role":"assistant","content":"Hello"}]""")]
    [InlineData("""[{"role":"assistant","content":[{"type":"input_text","text":"Hello"}]}]""")]
    [InlineData("""[{"role":"assistant","content":[{"type":"output_text","text":"Hello"}]}]""")]
    [InlineData("""[{"role":"assistant","content":[{"type":"output_text","text":"Hello","annotations":[],"logprobs":[]}]}]""")]
    public void So_does_an_assistants(string input) => Shown(input).ShouldBeJson(
        """[{"type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello","annotations":[],"logprobs":[]}]}]""");

    [Fact]
    public void An_assistants_refusal_and_annotations_are_kept() =>
        Shown("""[{"role":"assistant","status":"incomplete","content":[{"type":"refusal","refusal":"No."},{"type":"output_text","text":"x","annotations":[{"type":"url_citation"}]}]}]""").ShouldBeJson(
            """[{"type":"message","status":"incomplete","role":"assistant","content":[{"type":"refusal","refusal":"No."},{"type":"output_text","text":"x","annotations":[{"type":"url_citation"}],"logprobs":[]}]}]""");

    [Theory]
    [InlineData("system")]
    [InlineData("developer")]
    public void Instructions_may_stand_among_the_messages(string role) => Shown($$"""[{"role":"{{role}}","content":"Be brief."}]""").ShouldBeJson(
        $$"""[{"type":"message","status":"completed","role":"{{role}}","content":[{"type":"input_text","text":"Be brief."}]}]""");

    [Fact]
    public void Images_and_files_are_kept_with_the_defaults_filled_in() => Shown("""
        [{"role":"user","content":[
            {"type":"input_image","image_url":"https://example.com/a.png"},
            {"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"high"},
            {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}]}]
        """).ShouldBeJson("""
        [{"type":"message","status":"completed","role":"user","content":[
            {"type":"input_image","image_url":"https://example.com/a.png","detail":"auto"},
            {"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"high"},
            {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}]}]
        """);

    [Fact]
    public void Calls_their_outputs_and_reasoning_are_items_of_their_own() => Shown("""
        [{"type":"reasoning","id":"rs_1","content":[{"type":"reasoning_text","text":"Hm"}]},
         {"type":"function_call","id":"fc_1","call_id":"c1","name":"f","arguments":"{}"},
         {"type":"function_call_output","call_id":"c1","output":"42"},
         {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"data:,"}]}]
        """).ShouldBeJson("""
        [{"type":"reasoning","status":"completed","content":[{"type":"reasoning_text","text":"Hm"}],"summary":[]},
         {"type":"function_call","status":"completed","call_id":"c1","name":"f","arguments":"{}"},
         {"type":"function_call_output","status":"completed","call_id":"c1","output":"42"},
         {"type":"function_call_output","status":"completed","call_id":"c2","output":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"data:,","detail":"auto"}]}]
        """);

    [Fact]
    public void Fields_we_do_not_know_are_kept() =>
        Shown("""[{"role":"user","content":"x","phase":"commentary","nested":{"a":[1,null]}}]""")[0].GetProperty("nested").ShouldBeJson("""{"a":[1,null]}""");

    [Fact]
    public void Every_item_gets_an_id_of_ours_with_the_prefix_of_its_type()
    {
        var items = Read("""[{"role":"user","content":"a","id":"msg_theirs"},{"type":"function_call","call_id":"c","name":"f","arguments":""},{"type":"function_call_output","call_id":"c","output":""},{"type":"reasoning"}]""");

        items.Select(item => JsonElement.Parse(item.Json).GetProperty("id").GetString()).ShouldBe(items.Select(item => item.Id.ToWire(item.Type)));
        items.Select(item => item.Id).Distinct().Count().ShouldBe(4);
        items.Select(item => item.Id.ToWire(item.Type).Split('_')[0]).ShouldBe(["msg", "fc", "fco", "rs"]);
    }

    [Theory]
    [InlineData("""[{"type":"item_reference","id":"msg_0198c5a2b7d07f3e8a1b2c3d4e5f6071"}]""")]
    [InlineData("""[{"id":"msg_0198c5a2b7d07f3e8a1b2c3d4e5f6071"}]""")]
    public void A_reference_is_looked_up_later(string input)
    {
        var item = Read(input).ShouldHaveSingleItem();
        item.IsReference.ShouldBeTrue();
        item.Id.ToWire("message").ShouldBe("msg_0198c5a2b7d07f3e8a1b2c3d4e5f6071");
    }

    [Theory]
    [InlineData("""[{"type":"item_reference","id":"msg_of_elsewhere"}]""")]
    [InlineData("""[{"type":"item_reference"}]""")]
    [InlineData("""[{"id":7}]""")]
    public void A_reference_to_nothing_is_not_found(string input) => Should.Throw<NotFound>(() => Read(input));

    [Theory]
    [InlineData("7", "input")]
    [InlineData("true", "input")]
    [InlineData("""{"role":"user","content":"x"}""", "input")]
    [InlineData("""["x"]""", "input[0]")]
    [InlineData("""[null]""", "input[0]")]
    [InlineData("""[{"role":"user","content":"x"},[]]""", "input[1]")]
    [InlineData("""[{}]""", "input[0].type")]
    [InlineData("""[{"type":7}]""", "input[0].type")]
    [InlineData("""[{"type":"web_search_call"}]""", "input[0].type", "unsupported_value")]
    [InlineData("""[{"type":"message","content":"x"}]""", "input[0].role")]
    [InlineData("""[{"role":"tool","content":"x"}]""", "input[0].role")]
    [InlineData("""[{"role":["user"],"content":"x"}]""", "input[0].role")]
    [InlineData("""[{"role":"user"}]""", "input[0].content")]
    [InlineData("""[{"role":"user","content":null}]""", "input[0].content")]
    [InlineData("""[{"role":"user","content":{"type":"input_text"}}]""", "input[0].content")]
    [InlineData("""[{"role":"user","content":["x"]}]""", "input[0].content[0]")]
    [InlineData("""[{"role":"user","content":[{"type":"input_text","text":"x"},null]}]""", "input[0].content[1]")]
    [InlineData("""[{"role":"user","content":[{"text":"x"}]}]""", "input[0].content[0].type")]
    [InlineData("""[{"role":"user","content":[{"type":"input_audio"}]}]""", "input[0].content[0].type")]
    [InlineData("""[{"role":"user","content":[{"type":"refusal","refusal":"x"}]}]""", "input[0].content[0].type")]
    [InlineData("""[{"role":"assistant","content":[{"type":"input_image","image_url":"data:,"}]}]""", "input[0].content[0].type")]
    [InlineData("""[{"role":"user","content":[{"type":"input_text"}]}]""", "input[0].content[0].text")]
    [InlineData("""[{"role":"user","content":[{"type":"input_text","text":7}]}]""", "input[0].content[0].text")]
    [InlineData("""[{"role":"assistant","content":[{"type":"refusal"}]}]""", "input[0].content[0].refusal")]
    [InlineData("""[{"role":"user","content":[{"type":"input_image"}]}]""", "input[0].content[0].image_url")]
    [InlineData("""[{"role":"user","content":[{"type":"input_image","file_id":"file-1"}]}]""", "input[0].content[0].file_id", "unsupported_value")]
    [InlineData("""[{"role":"user","content":[{"type":"input_file","filename":"a"}]}]""", "input[0].content[0].file_data")]
    [InlineData("""[{"role":"user","content":[{"type":"input_file","file_id":"file-1"}]}]""", "input[0].content[0].file_id", "unsupported_value")]
    [InlineData("""[{"type":"function_call","name":"f","arguments":"{}"}]""", "input[0].call_id")]
    [InlineData("""[{"type":"function_call","call_id":"c","arguments":"{}"}]""", "input[0].name")]
    [InlineData("""[{"type":"function_call","call_id":"c","name":"f","arguments":{}}]""", "input[0].arguments")]
    [InlineData("""[{"type":"function_call_output","output":"x"}]""", "input[0].call_id")]
    [InlineData("""[{"type":"function_call_output","call_id":"","output":"x"}]""", "input[0].call_id")]
    [InlineData("""[{"type":"function_call_output","call_id":"c"}]""", "input[0].output")]
    [InlineData("""[{"type":"function_call_output","call_id":"c","output":7}]""", "input[0].output")]
    [InlineData("""[{"type":"function_call_output","call_id":"c","output":[{"type":"computer_screenshot"}]}]""", "input[0].output[0].type")]
    [InlineData("\"\\ud83d\"", "input")]
    [InlineData("""[{"role":"user","content":"ok"},{"role":"user","content":"\ud83d"}]""", "input[1]")]
    [InlineData("""[{"role":"user","content":"ok","note":"\udc00"}]""", "input[0]")]
    [InlineData("""[{"role":"user","role":"assistant","content":"x"}]""", "input[0]")]
    [InlineData("""[{"role":"user","content":[{"type":"input_text","text":"a","text":"b"}]}]""", "input[0]")]
    public void What_is_wrong_is_named_by_its_path(string input, string param, string code = "invalid_value")
    {
        var error = Should.Throw<InvalidRequest>(() => Read(input));
        error.Param.ShouldBe(param);
        error.Code.ShouldBe(code);
        error.Message.Length.ShouldBeGreaterThan(param.Length + 10);
    }

    [Fact]
    public void Paths_start_with_the_parameters_own_name() =>
        Should.Throw<InvalidRequest>(() => new InputReader("items", Now).Read(JsonElement.Parse("""[{"role":"user"}]"""))).Param.ShouldBe("items[0].content");

    private static IReadOnlyList<InputItem> Read(string? input) => new InputReader("input", Now).Read(input is null ? null : JsonElement.Parse(input));

    /// <summary>The items as they will be shown, without their ids.</summary>
    private static JsonElement Shown(string input) => JsonSerializer.SerializeToElement(Read(input).Select(item =>
    {
        var json = JsonNode.Parse(item.Json)!.AsObject();
        json.Remove("id").ShouldBeTrue();
        return json;
    }));
}
