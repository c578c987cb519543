using System.Text.Json;
using AiPlatform.Domain.Common;

namespace AiPlatform.Infrastructure.ModelProviders.Anthropic;

/// <summary>Maps the content of one message: a string, or an array of parts.</summary>
internal static class ContentPartMapper
{
    /// <summary>The blocks of <paramref name="content"/>. Blank texts are left out: the vendor refuses them, and they say nothing.</summary>
    public static IEnumerable<ContentBlock> Map(JsonElement? content, string param)
    {
        if (content is not { } value || value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return [];
        if (value.ValueKind == JsonValueKind.String) return Text(RequestJson.Text(value, param));
        if (value.ValueKind == JsonValueKind.Array) return value.EnumerateArray().SelectMany((part, index) => Part(part, $"{param}[{index}]"));
        throw new InvalidRequest("invalid_type", $"'{param}' must be a string or an array of content parts.", param);
    }

    /// <summary>The text of <paramref name="content"/>, for where nothing but text has a place.</summary>
    public static string TextOnly(JsonElement? content, string param)
    {
        var blocks = Map(content, param).ToList();
        if (blocks.Exists(block => block.Type != "text")) throw UnsupportedParameters.Refused(param, "takes only text in this role. Move other parts to a user message.");
        return string.Concat(blocks.Select(block => block.Text));
    }

    private static IEnumerable<ContentBlock> Part(JsonElement part, string param) => RequestJson.String(part, "type", param) switch
    {
        "text" => Text(RequestJson.String(part, "text", param) ?? ""),
        "refusal" => Text(RequestJson.String(part, "refusal", param) ?? ""),
        "image_url" => [Image(part, param)],
        "file" => [Document(part, param)],
        "input_audio" => throw UnsupportedParameters.Refused(param, "takes no audio. Send its transcript as text."),
        var type => throw UnsupportedParameters.Refused(param, $"takes no content part of type '{type}'. Use 'text', 'image_url' or 'file'."),
    };

    private static IEnumerable<ContentBlock> Text(string text) => string.IsNullOrWhiteSpace(text) ? [] : [ContentBlock.OfText(text)];

    private static ContentBlock Image(JsonElement part, string param)
    {
        param += ".image_url.url";
        var url = RequestJson.Object(part, "image_url") is { } image ? RequestJson.String(image, "url", param) : null;
        if (url is not null && Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            return new ContentBlock("image") { Source = new BlockSource("url") { Url = url } };
        if (DataUrl.Parse(url) is { } data)
            return new ContentBlock("image") { Source = new BlockSource("base64") { MediaType = data.MediaType == "image/jpg" ? "image/jpeg" : data.MediaType, Data = data.Base64 } };
        throw new InvalidRequest("invalid_image_url", "An image must be an http(s) URL or a data URL such as 'data:image/png;base64,...'.", param);
    }

    private static ContentBlock Document(JsonElement part, string param)
    {
        param += ".file";
        var file = RequestJson.Object(part, "file") ?? throw new InvalidRequest("invalid_type", $"'{param}' must be an object with 'file_data'.", param);
        if (RequestJson.String(file, "file_data", param) is not { } given)
            throw UnsupportedParameters.Refused(param, "takes files only with their content. Send 'file_data' in place of 'file_id'.");
        var source = DataUrl.Parse(given) switch
        {
            { MediaType: "application/pdf" } data => new BlockSource("base64") { MediaType = data.MediaType, Data = data.Base64 },
            { MediaType: "text/plain" } data when data.Text() is { } text => new BlockSource("text") { MediaType = data.MediaType, Data = text },
            _ => throw UnsupportedParameters.Refused(param + ".file_data", "takes PDF and plain text files. Send 'data:application/pdf;base64,...' or 'data:text/plain;base64,...'."),
        };
        return new ContentBlock("document") { Source = source, Title = RequestJson.String(file, "filename", param) };
    }
}
