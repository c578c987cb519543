#pragma warning disable OPENAI001 // The SDK calls its vector stores experimental.
using AiPlatform.Integration.Tests.Documents.Corpus;
using OpenAI;
using OpenAI.Files;
using OpenAI.VectorStores;

namespace AiPlatform.Integration.Tests.Documents;

/// <summary>What the parser makes of hostile files is proven by <see cref="CorpusTests"/>; here they take the whole way, beside somebody who means well.</summary>
public sealed class HostileDocumentTests(Platform platform) : PlatformTest(platform), IClassFixture<Platform>
{
    private static readonly string[] Hostile =
    [
        "bomb.docx", "bomb.xlsx", "laughs.docx", "many-parts.docx", "encrypted.docx", "flate-bomb.pdf", "pages-in-a-circle.pdf", "encrypted.pdf", "cut-off.pdf", "flood.png", "nested.eml", "deep.json",
        "noise.bin", "empty.txt", "zeros.txt",
    ];

    [Fact]
    public async Task All_of_them_fail_with_a_reason_while_a_healthy_document_of_somebody_else_becomes_ready()
    {
        var all = Texts.Files.Concat(Others.Files).Concat(Offices.Files).Concat(Pdfs.Files).ToDictionary(file => file.Name);
        var attacker = new Client(Platform.Sdk());
        await attacker.CreateStoreAsync(Ct);
        foreach (var name in Hostile) await attacker.AddAsync(all[name].Filename, all[name].Make(), Ct);

        using var tenant = await Platform.CreateTenantAsync(Ct);
        var neighbour = new Client(Platform.Sdk(tenant.ApiKey));
        await neighbour.CreateStoreAsync(Ct);
        await neighbour.AddAsync("hours.md", "# Hours\n\nThe office opens at nine."u8.ToArray(), Ct);
        var healthy = (await EventuallyAsync(() => neighbour.DoneAsync(Ct))).ShouldHaveSingleItem();
        healthy.Status.ShouldBe(VectorStoreFileStatus.Completed, healthy.LastError?.Message);

        var ended = await EventuallyAsync(() => attacker.DoneAsync(Ct));
        ended.Count.ShouldBe(Hostile.Length);
        ended.ShouldAllBe(file => file.Status == VectorStoreFileStatus.Failed);
        ended.ShouldAllBe(file => file.LastError.Code == VectorStoreFileErrorCode.InvalidFile || file.LastError.Code == VectorStoreFileErrorCode.UnsupportedFile);
        ended.ShouldAllBe(file => file.LastError.Message.EndsWith('.'));
        (await Platform.Database.ScalarAsync("SELECT count(*) FROM knowledge.chunks c JOIN knowledge.vector_store_files f ON f.id = c.vector_store_file_id WHERE f.status = 'failed'", Ct)).ShouldBe(0L);
    }

    private sealed class Client(OpenAIClient sdk)
    {
        private readonly OpenAIFileClient _files = sdk.GetOpenAIFileClient();
        private readonly VectorStoreClient _stores = sdk.GetVectorStoreClient();
        private string _store = "";

        public async Task CreateStoreAsync(CancellationToken cancellationToken) => _store = (await _stores.CreateVectorStoreAsync(cancellationToken: cancellationToken)).Value.Id;

        public async Task AddAsync(string name, byte[] content, CancellationToken cancellationToken)
        {
            var file = (await _files.UploadFileAsync(new MemoryStream(content), name, FileUploadPurpose.Assistants, cancellationToken)).Value;
            await _stores.AddFileToVectorStoreAsync(_store, file.Id, cancellationToken);
        }

        /// <summary>All files, once none is in progress.</summary>
        public async Task<List<VectorStoreFile>?> DoneAsync(CancellationToken cancellationToken)
        {
            var files = new List<VectorStoreFile>();
            await foreach (var file in _stores.GetVectorStoreFilesAsync(_store, cancellationToken: cancellationToken)) files.Add(file);
            return files.All(file => file.Status != VectorStoreFileStatus.InProgress) ? files : null;
        }
    }
}
