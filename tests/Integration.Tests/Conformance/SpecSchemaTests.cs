using System.Text.Json;

namespace AiPlatform.Integration.Tests.Conformance;

/// <summary>The check itself: what it must not let pass, and where it says that it is.</summary>
public sealed class SpecSchemaTests
{
    private const string Schemas = """
        {
          "Text": { "type": "object", "required": ["type", "text"], "properties": { "type": { "type": "string", "enum": ["text"] }, "text": { "type": "string", "maxLength": 5 } } },
          "Call": { "type": "object", "required": ["type", "call_id"], "properties": { "type": { "type": "string", "enum": ["call"] }, "call_id": { "type": "string", "pattern": "^call_" } } },
          "Part": { "oneOf": [{ "$ref": "Text" }, { "$ref": "Call" }], "discriminator": { "propertyName": "type" } },
          "Base": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" } } },
          "Answer": {
            "allOf": [{ "$ref": "Base" }, {
              "type": "object",
              "required": ["parts"],
              "properties": {
                "parts": { "type": "array", "minItems": 1, "items": { "$ref": "Part" } },
                "count": { "type": "integer", "minimum": 0, "maximum": 9, "nullable": true },
                "next": { "anyOf": [{ "$ref": "Answer" }, { "type": "null" }] },
                "labels": { "type": "object", "additionalProperties": { "type": "string" }, "maxProperties": 2 },
                "closed": { "type": "object", "properties": { "known": {} }, "additionalProperties": false }
              }
            }]
          },
          "Strange": { "not": {} }
        }
        """;

    private static readonly SpecSchema Schema = new(JsonElement.Parse(Schemas));

    [Theory]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi"}]}""")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi","ours":1}],"ours":[1]}""")]
    [InlineData("""{"id":"a","parts":[{"type":"call","call_id":"call_1"}],"count":null,"next":null,"labels":{"a":"b"},"closed":{"known":1}}""")]
    [InlineData("""{"id":"a","parts":[{"type":"call","call_id":"call_1"}],"count":3.0,"next":{"id":"b","parts":[{"type":"text","text":""}]}}""")]
    public void What_fits_passes(string json) => Schema.Check("Answer", JsonElement.Parse(json)).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"parts":[{"type":"text","text":"hi"}]}""", "$: should have 'id'")]
    [InlineData("""{"id":1,"parts":[{"type":"text","text":"hi"}]}""", "$.id: should be of type string, but is 1")]
    [InlineData("""{"id":null,"parts":[{"type":"text","text":"hi"}]}""", "$.id: should be of type string, but is null")]
    [InlineData("""{"id":"a","parts":[]}""", "$.parts: should have at least 1 entries")]
    [InlineData("""{"id":"a","parts":{}}""", "$.parts: should be of type array, but is {}")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi"},{"type":"text"}]}""", "$.parts[1]: should have 'text'")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"longer"}]}""", "$.parts[0].text: should have at most 5 characters")]
    [InlineData("""{"id":"a","parts":[{"type":"call","call_id":"1"}]}""", "$.parts[0].call_id: should match ^call_, but is 1")]
    [InlineData("""{"id":"a","parts":[{"type":"image"}]}""", "$.parts[0].type: \"image\" is no kind that the document knows here")]
    [InlineData("""{"id":"a","parts":[{"text":"hi"}]}""", "$.parts[0]: should have 'type'")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi"}],"count":1.5}""", "$.count: should be of type integer, but is 1.5")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi"}],"count":10}""", "$.count: should be at most 9, but is 10")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi"}],"count":-1}""", "$.count: should be at least 0, but is -1")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi"}],"next":{"id":"b","parts":[{"type":"text","text":1}]}}""", "$.next.parts[0].text: should be of type string, but is 1")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi"}],"labels":{"a":1}}""", "$.labels.a: should be of type string, but is 1")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi"}],"labels":{"a":"1","b":"2","c":"3"}}""", "$.labels: should have at most 2 properties")]
    [InlineData("""{"id":"a","parts":[{"type":"text","text":"hi"}],"closed":{"other":1}}""", "$.closed: should not have 'other'")]
    public void What_does_not_fit_is_found_where_it_is(string json, string expected) =>
        Schema.Check("Answer", JsonElement.Parse(json)).ShouldHaveSingleItem().ToString().ShouldBe(expected);

    [Fact]
    public void Everything_that_does_not_fit_is_found() =>
        Schema.Check("Answer", JsonElement.Parse("""{"parts":[{"type":"text"},{"type":"call"}],"count":"1"}""")).Select(departure => departure.Path).ShouldBe(["$", "$.parts[0]", "$.parts[1]", "$.count"]);

    [Fact]
    public void What_the_check_does_not_know_is_no_pass() => Should.Throw<NotSupportedException>(() => Schema.Check("Strange", JsonElement.Parse("{}")));

    [Fact]
    public void A_schema_that_is_not_there_is_no_pass() => Should.Throw<ArgumentException>(() => Schema.Check("Answr", JsonElement.Parse("{}")));

    [Fact]
    public void Properties_include_those_taken_over() =>
        Schema.PropertiesOf("Answer").Keys.ShouldBe(["id", "parts", "count", "next", "labels", "closed"]);
}
