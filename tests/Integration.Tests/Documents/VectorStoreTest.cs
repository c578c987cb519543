using System.Security.Cryptography;
using System.Text.Json;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Application.Knowledge.Ingestion;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Integration.Tests.Documents;

/// <summary>A platform that ingests nothing by itself, so that a test decides how far a file has come.</summary>
public class IdlePlatform : Platform
{
    protected override void Configure(IDictionary<string, string?> settings) => settings["Knowledge:Workers"] = "0";
}

/// <summary>A test about vector stores and their files. It plays the workers, where it needs any.</summary>
public abstract class VectorStoreTest(Platform platform) : PlatformTest(platform)
{
    private static readonly ClaimTerms Anything = new() { Owner = "test" };

    // What was taken on the way to something else.
    private readonly List<ClaimedFile> _held = [];

    protected IIngestionLog Log => Platform.Services.GetRequiredService<IIngestionLog>();

    /// <summary>So much of the step is done.</summary>
    protected Task ReportAsync(ClaimedFile file, double progress) => Platform.Services.GetRequiredService<IChunkStore>().SaveVectorsAsync(file, [], progress, Ct);

    protected static string Of(string store) => $"v1/vector_stores/{store}";

    protected static string Of(string store, string file) => $"v1/vector_stores/{store}/files/{file}";

    protected async Task<string> StoreAsync(object? body = null) => (await Api.PostAsync("v1/vector_stores", body ?? new { name = "Test" }, Ct)).Ok.GetProperty("id").GetString()!;

    /// <summary>A file as an upload leaves it, without its content.</summary>
    protected async Task<string> FileAsync(string filename = "notes.txt")
    {
        var id = Guid.CreateVersion7();
        await SqlAsync($"""
            INSERT INTO knowledge.files (id, workspace_id, user_id, filename, purpose, status, bytes, hash, created_at)
            SELECT '{id}', workspace_id, id, '{filename}', 'assistants', 'ready', 100, '\x{RandomNumberGenerator.GetHexString(64)}', now() FROM identity.users ORDER BY created_at LIMIT 1
            """);
        return $"file-{id:n}";
    }

    protected async Task<List<string>> FilesAsync(int count)
    {
        var files = new List<string>();
        for (var i = 0; i < count; i++) files.Add(await FileAsync($"{i}.txt"));
        return files;
    }

    protected async Task<JsonElement> AttachAsync(string store, string file) => (await Api.PostAsync($"{Of(store)}/files", new { file_id = file }, Ct)).Ok;

    protected async Task<JsonElement> GetAsync(string path) => (await Api.GetAsync(path, Ct)).Ok;

    /// <summary>Takes every file that waits, as workers do.</summary>
    protected async Task<List<ClaimedFile>> ClaimAllAsync()
    {
        var claimed = new List<ClaimedFile>();
        while (await Log.ClaimAsync(Anything, Ct) is { } file) claimed.Add(file);
        return claimed;
    }

    /// <summary>Takes this file, which waits, from among all that do.</summary>
    protected async Task<ClaimedFile> ClaimAsync(string store, string file)
    {
        while (true)
        {
            if (_held.FindLast(claimed => claimed.VectorStoreId.Value == Uuid(store) && claimed.FileId.Value == Uuid(file)) is { } found && _held.Remove(found)) return found;
            _held.Add(await Log.ClaimAsync(Anything, Ct) ?? throw new InvalidOperationException($"{file} waits for nobody."));
        }
    }

    protected async Task CompleteAsync(string store, string file) => await Log.CompleteAsync(await ClaimAsync(store, file), Ct);

    protected async Task FailAsync(string store, string file) => await Log.FailAsync(await ClaimAsync(store, file), new Problem(Problem.InvalidFile, "The file is broken."), Ct);

    protected Task WriteTextAsync(string file, params ExtractedPage[] pages) => SqlAsync($"""
        INSERT INTO knowledge.file_texts (file_id, workspace_id, parser_version, pages, characters, payload)
        SELECT id, workspace_id, 1, {pages.Length}, 1, '\x{Convert.ToHexString(TextPayload.Pack(new ExtractedText("txt", null, pages)))}' FROM knowledge.files WHERE id = '{Uuid(file)}'
        """);

    protected Task<object?> SqlAsync(string sql) => Platform.Database.ScalarAsync(sql, Ct);

    protected static Guid Uuid(string id) => Guid.ParseExact(id[^32..], "n");

    protected static List<string> IdsOf(JsonElement list) => [.. list.GetProperty("data").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!)];

    protected static string StatusOf(JsonElement json) => json.GetProperty("status").GetString()!;

    protected static ExtractedPage PageOf(int number, params string[] paragraphs) => new(number, [.. paragraphs.Select(text => new ExtractedBlock(BlockKind.Paragraph, text))]);
}
