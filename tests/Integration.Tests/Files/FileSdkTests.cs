using System.ClientModel;
using OpenAI.Files;

namespace AiPlatform.Integration.Tests.Files;

/// <summary>Files as programs handle them with the official SDK.</summary>
public sealed class FileSdkTests(LocalPlatform platform) : FileTest(platform), IClassFixture<LocalPlatform>
{
    private OpenAIFileClient Client => Platform.Sdk().GetOpenAIFileClient();

    [Fact]
    public async Task A_file_is_uploaded_read_listed_downloaded_and_deleted()
    {
        using var content = new MemoryStream(Utf8("Öffnungszeiten: 9 bis 17 Uhr"));
        OpenAIFile file = await Client.UploadFileAsync(content, "Öffnungszeiten.txt", FileUploadPurpose.UserData, Ct);
        file.Filename.ShouldBe("Öffnungszeiten.txt");
        file.Purpose.ShouldBe(FilePurpose.UserData);
        file.SizeInBytes.ShouldBe(29);
#pragma warning disable CS0618 // The API's own field; the server fills it.
        file.Status.ShouldBe(FileStatus.Processed);
#pragma warning restore CS0618

        (await Client.GetFileAsync(file.Id, Ct)).Value.CreatedAt.ShouldBe(file.CreatedAt);
        (await Client.GetFilesAsync(FilePurpose.UserData, Ct)).Value.ShouldContain(one => one.Id == file.Id);
        (await Client.GetFilesAsync(FilePurpose.Assistants, Ct)).Value.ShouldNotContain(one => one.Id == file.Id);
        (await Client.DownloadFileAsync(file.Id, Ct)).Value.ToString().ShouldBe("Öffnungszeiten: 9 bis 17 Uhr");
        (await Client.DeleteFileAsync(file.Id, Ct)).Value.Deleted.ShouldBeTrue();
        (await Should.ThrowAsync<ClientResultException>(() => Client.GetFileAsync(file.Id, Ct))).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("assistants")]
    [InlineData("user_data")]
    public async Task A_file_is_uploaded_from_memory(string purpose)
    {
        OpenAIFile file = await Client.UploadFileAsync(BinaryData.FromBytes(Bytes(100_000)), "資料.bin", new FileUploadPurpose(purpose));

        file.Filename.ShouldBe("資料.bin");
        (await Client.DownloadFileAsync(file.Id, Ct)).Value.ToArray().ShouldBe(Bytes(100_000));
    }

    [Fact]
    public async Task A_file_that_is_refused_says_why()
    {
        using var content = new MemoryStream(Utf8("no lines"));
        var failure = await Should.ThrowAsync<ClientResultException>(() => Client.UploadFileAsync(content, "batch.jsonl", FileUploadPurpose.Batch, Ct));

        failure.Status.ShouldBe(400);
        failure.Message.ShouldContain("JSON Lines");
    }
}
