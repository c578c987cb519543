using System.Text.Json;
using AiPlatform.Application.Chat.Responses;

namespace AiPlatform.Application.Tests.Chat;

public sealed class PromptBuilderTests
{
    [Fact]
    public void Instructions_come_first_as_the_system_message() => Instructed("Be brief.", """{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}""").ShouldBeJson(
        """[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]""");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_instructions_there_is_no_system_message(string? instructions) => Instructed(instructions).ShouldBeJson("[]");

    [Fact]
    public void Several_parts_stay_parts_and_images_and_files_get_the_older_names() => Prompt("""
        {"type":"message","role":"user","content":[
            {"type":"input_text","text":"What is this?"},
            {"type":"input_image","image_url":"https://example.com/a.png","detail":"low"},
            {"type":"input_image","image_url":"data:image/png;base64,AA=="},
            {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AA==","ours":1}]}
        """).ShouldBeJson("""
        [{"role":"user","content":[
            {"type":"text","text":"What is this?"},
            {"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"low"}},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AA==","detail":"auto"}},
            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AA=="}}]}]
        """);

    [Fact]
    public void An_image_alone_is_still_a_part() => Prompt("""{"type":"message","role":"user","content":[{"type":"input_image","image_url":"data:,","detail":"auto"}]}""").ShouldBeJson(
        """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:,","detail":"auto"}}]}]""");

    [Fact]
    public void An_assistants_parts_are_one_text() => Prompt("""{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hel"},{"type":"output_text","text":"lo"}]}""").ShouldBeJson(
        """[{"role":"assistant","content":"Hello"}]""");

    [Fact]
    public void What_an_assistant_said_before_a_search_and_after_it_is_one_turn() => Prompt(
        """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Let me look."}]}""",
        """{"type":"file_search_call","queries":["fees"]}""",
        """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Twelve euros."}]}""").ShouldBeJson(
        """[{"role":"assistant","content":"Let me look.\n\nTwelve euros."}]""");

    [Fact]
    public void A_refusal_is_what_the_assistant_said() => Prompt("""{"type":"message","role":"assistant","content":[{"type":"refusal","refusal":"I cannot."}]}""").ShouldBeJson(
        """[{"role":"assistant","content":"I cannot."}]""");

    [Fact]
    public void Parallel_calls_join_the_message_before_them() => Prompt(
        """{"type":"message","role":"user","content":[{"type":"input_text","text":"Weather?"}]}""",
        """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Looking."}]}""",
        """{"type":"function_call","call_id":"c1","name":"f","arguments":"{\"a\":1}"}""",
        """{"type":"function_call","call_id":"c2","name":"g","arguments":"{}"}""",
        """{"type":"function_call_output","call_id":"c1","output":"sunny"}""",
        """{"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"warm"}]}""").ShouldBeJson("""
        [{"role":"user","content":"Weather?"},
         {"role":"assistant","content":"Looking.","tool_calls":[
            {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
            {"id":"c2","type":"function","function":{"name":"g","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"c1","content":"sunny"},
         {"role":"tool","tool_call_id":"c2","content":"warm"}]
        """);

    [Fact]
    public void A_call_without_words_makes_a_message_of_its_own_in_each_round() => Prompt(
        """{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}""",
        """{"type":"function_call_output","call_id":"c1","output":"1"}""",
        """{"type":"function_call","call_id":"c2","name":"f","arguments":"{}"}""",
        """{"type":"function_call_output","call_id":"c2","output":"2"}""").ShouldBeJson("""
        [{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"c1","content":"1"},
         {"role":"assistant","tool_calls":[{"id":"c2","type":"function","function":{"name":"f","arguments":"{}"}}]},
         {"role":"tool","tool_call_id":"c2","content":"2"}]
        """);

    [Fact]
    public void Reasoning_is_left_out() => Prompt(
        """{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}]}""",
        """{"type":"message","role":"developer","content":[{"type":"input_text","text":"Go on."}]}""").ShouldBeJson("""[{"role":"developer","content":"Go on."}]""");

    private static JsonElement Prompt(params string[] items) => Instructed(null, items);

    private static JsonElement Instructed(string? instructions, params string[] items) => Json.Of(PromptBuilder.ToMessages(instructions, items));
}
