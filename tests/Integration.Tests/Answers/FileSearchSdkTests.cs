using AiPlatform.Domain.Common;
using OpenAI.Responses;

namespace AiPlatform.Integration.Tests.Answers;

/// <summary>The official .NET SDK, unmodified, asks documents.</summary>
public sealed class FileSearchSdkTests(ShelfPlatform platform) : AnswerTest(platform), IClassFixture<ShelfPlatform>
{
    private ResponsesClient Responses => Platform.Sdk().GetResponsesClient();

    [Fact]
    public async Task Searches_and_citations_are_what_the_sdk_knows()
    {
        var options = new CreateResponseOptions("offline", [ResponseItem.CreateUserMessageItem("What do guests pay a year?")])
        {
            Tools = { ResponseTool.CreateFileSearchTool([Shelf.Store], maxResultCount: 5) },
            IncludedProperties = { IncludedResponseProperty.FileSearchCallResults },
        };
        ResponseResult response = await Responses.CreateResponseAsync(options, Ct);

        var search = response.OutputItems.OfType<FileSearchCallResponseItem>().ShouldHaveSingleItem();
        search.Status.ShouldBe(FileSearchCallStatus.Completed);
        search.Queries.ShouldBe(["What do guests pay a year?"]);
        search.Results[0].Filename.ShouldBe("fees.txt");
        var part = response.OutputItems.OfType<MessageResponseItem>().ShouldHaveSingleItem().Content[0];
        var citation = part.OutputTextAnnotations.OfType<FileCitationMessageAnnotation>().First();
        (citation.FileId, citation.Filename).ShouldBe((FeesFile.Id.ToWire(), "fees.txt"));
        part.Text[..citation.Index].ShouldEndWith("Guests pay 12 euros a year.");
    }

    [Fact]
    public async Task A_stream_of_searches_and_citations_is_understood()
    {
        var options = new CreateResponseOptions(Model, [ResponseItem.CreateUserMessageItem(Searching("guests fee year", "cite=right"))])
        {
            Tools = { ResponseTool.CreateFileSearchTool([Shelf.Store]) },
            StreamingEnabled = true,
        };
        var kinds = new List<string>();
        await foreach (var update in await Responses.CreateResponseStreamingAsync(options, Ct)) kinds.Add(update.GetType().Name);

        kinds.ShouldContain(nameof(StreamingResponseFileSearchCallInProgressUpdate));
        kinds.ShouldContain(nameof(StreamingResponseFileSearchCallSearchingUpdate));
        kinds.ShouldContain(nameof(StreamingResponseFileSearchCallCompletedUpdate));
        kinds[^1].ShouldBe(nameof(StreamingResponseCompletedUpdate));
    }
}
