using AiPlatform.Domain.Common;

namespace AiPlatform.Application.Tests.Inference.Anthropic;

public sealed class MessageMappingTests
{
    [Fact]
    public void Instructions_are_gathered_into_system_wherever_they_stand()
    {
        var body = Calls.Messages("""
            [{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"},
             {"role":"developer","content":[{"type":"text","text":"Be "},{"type":"text","text":"brief."}]},{"role":"user","content":"Well?"}]
            """);

        body.GetProperty("system").GetString().ShouldBe("Be kind.\n\nBe brief.");
        body.GetProperty("messages").ShouldBe("""[{"role":"user","content":[{"type":"text","text":"Hi"},{"type":"text","text":"Well?"}]}]""");
    }

    [Fact]
    public void Messages_of_one_role_in_a_row_become_one()
    {
        var body = Calls.Messages("""
            [{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"},
             {"role":"assistant","content":"d"},{"role":"user","content":"e"}]
            """);

        body.GetProperty("messages").ShouldBe("""
            [{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
             {"role":"assistant","content":[{"type":"text","text":"c"},{"type":"text","text":"d"}]},
             {"role":"user","content":[{"type":"text","text":"e"}]}]
            """);
    }

    [Fact]
    public void Images_and_files_are_carried_over()
    {
        var body = Calls.Messages("""
            [{"role":"user","content":[
              {"type":"text","text":"Look"},
              {"type":"image_url","image_url":{"url":"https://example.com/a.png","detail":"high"}},
              {"type":"image_url","image_url":{"url":"data:image/jpg;base64,AAAA"}},
              {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"}},
              {"type":"file","file":{"file_data":"data:text/plain;base64,SGkhCg=="}}]}]
            """);

        body.GetProperty("messages")[0].GetProperty("content").ShouldBe("""
            [{"type":"text","text":"Look"},
             {"type":"image","source":{"type":"url","url":"https://example.com/a.png"}},
             {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AAAA"}},
             {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"},"title":"a.pdf"},
             {"type":"document","source":{"type":"text","media_type":"text/plain","data":"Hi!\n"}}]
            """);
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"ftp://example.com/a.png"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png,plain"}}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"type":"file","file":{"file_id":"file-1"}}""", "messages[0].content[0].file")]
    [InlineData("""{"type":"file","file":{"file_data":"data:application/zip;base64,AAAA"}}""", "messages[0].content[0].file.file_data")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""", "messages[0].content[0]")]
    [InlineData("""{"type":"text","text":"\ud800"}""", "messages[0].content[0]")]
    [InlineData("""{"type":"text","text":7}""", "messages[0].content[0].text")]
    [InlineData("7", "messages[0].content[0]")]
    public void A_part_that_cannot_be_carried_over_is_refused_by_its_path(string part, string param) =>
        Should.Throw<InvalidRequest>(() => Calls.Messages($$"""[{"role":"user","content":[{{part}}]}]""")).Param.ShouldBe(param);

    [Fact]
    public void Tool_calls_and_their_results_become_blocks_results_first()
    {
        var body = Calls.Messages("""
            [{"role":"user","content":"Weather?"},
             {"role":"assistant","content":"Let me see.","tool_calls":[
               {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Pune\"}"}},
               {"id":"call_2","type":"function","function":{"name":"clock","arguments":""}}]},
             {"role":"user","content":"Hurry"},
             {"role":"tool","tool_call_id":"call_1","content":"Hot"},
             {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"Noon"}]}]
            """);

        body.GetProperty("messages")[1].GetProperty("content").ShouldBe("""
            [{"type":"text","text":"Let me see."},
             {"type":"tool_use","id":"call_1","name":"weather","input":{"city":"Pune"}},
             {"type":"tool_use","id":"call_2","name":"clock","input":{}}]
            """);
        body.GetProperty("messages")[2].GetProperty("content").ShouldBe("""
            [{"type":"tool_result","tool_use_id":"call_1","content":[{"type":"text","text":"Hot"}]},
             {"type":"tool_result","tool_use_id":"call_2","content":[{"type":"text","text":"Noon"}]},
             {"type":"text","text":"Hurry"}]
            """);
    }

    [Theory]
    [InlineData("{broken")]
    [InlineData("[1]")]
    public void Arguments_that_are_no_object_are_wrapped(string arguments)
    {
        var call = $$$"""{"id":"c","type":"function","function":{"name":"f","arguments":"{{{arguments}}}"}}""";

        var body = Calls.Messages($$"""[{"role":"user","content":"x"},{"role":"assistant","tool_calls":[{{call}}]},{"role":"tool","tool_call_id":"c","content":""}]""");

        body.GetProperty("messages")[1].GetProperty("content")[0].GetProperty("input").ShouldBe($$"""{"invalid_arguments":"{{arguments}}"}""");
        body.GetProperty("messages")[2].GetProperty("content").ShouldBe("""[{"type":"tool_result","tool_use_id":"c"}]""");
    }

    [Fact]
    public void Tool_ids_of_other_vendors_are_made_acceptable_on_both_sides()
    {
        var body = Calls.Messages("""
            [{"role":"user","content":"x"},
             {"role":"assistant","tool_calls":[{"id":"functions.f:0","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"functions.f:0","content":"y"}]
            """);

        body.GetProperty("messages")[1].GetProperty("content")[0].GetProperty("id").GetString().ShouldBe("functions_f_0");
        body.GetProperty("messages")[2].GetProperty("content")[0].GetProperty("tool_use_id").GetString().ShouldBe("functions_f_0");
    }

    [Fact]
    public void An_answer_begun_by_the_assistant_loses_the_white_space_at_its_end() =>
        Calls.Messages("""[{"role":"user","content":"x"},{"role":"assistant","content":"Once upon \n"}]""")
            .GetProperty("messages")[1].GetProperty("content").ShouldBe("""[{"type":"text","text":"Once upon"}]""");

    [Fact]
    public void Blank_messages_are_left_out_and_their_neighbours_joined() =>
        Calls.Messages("""[{"role":"user","content":"a"},{"role":"assistant","content":" "},{"role":"user","content":"b"},{"role":"assistant","content":""}]""")
            .GetProperty("messages").ShouldBe("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""");

    [Fact]
    public void A_conversation_that_begins_with_the_assistant_is_given_a_user_first()
    {
        var messages = Calls.Messages("""[{"role":"assistant","content":"Hello!"},{"role":"user","content":"Hi"}]""").GetProperty("messages");

        messages.GetArrayLength().ShouldBe(3);
        messages[0].GetProperty("role").GetString().ShouldBe("user");
        messages[1].GetProperty("role").GetString().ShouldBe("assistant");
    }

    [Fact]
    public void Instructions_alone_are_asked_as_a_question()
    {
        var body = Calls.Messages("""[{"role":"system","content":"Say hello."}]""");

        body.Field("system").ShouldBeNull();
        body.GetProperty("messages").ShouldBe("""[{"role":"user","content":[{"type":"text","text":"Say hello."}]}]""");
    }

    [Theory]
    [InlineData("""[{"role":"user","content":" "}]""", "messages")]
    [InlineData("""[{"role":"function","name":"f","content":"x"}]""", "messages[0].role")]
    [InlineData("""[{"role":"tool","content":"x"}]""", "messages[0].tool_call_id")]
    [InlineData("""[{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]""", "messages[0].content")]
    public void What_has_no_place_in_the_conversation_is_refused(string messages, string param) =>
        Should.Throw<InvalidRequest>(() => Calls.Messages(messages)).Param.ShouldBe(param);
}
