using System.Net.Sockets;
using System.Text;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge;
using AiPlatform.Application.Knowledge.Files;
using AiPlatform.Application.Knowledge.Ingestion;
using AiPlatform.Domain.Common;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AiPlatform.Integration.Tests.Knowledge.Ingestion;

/// <summary>Puts files into vector stores below the API, as its use cases do, and says what has become of them.</summary>
public sealed class TestDocuments(IServiceProvider services, string database)
{
    public static WorkspaceId NewWorkspace() => Ids.New<WorkspaceId>(DateTimeOffset.UtcNow);

    public async Task<VectorStore> CreateStoreAsync(CancellationToken cancellationToken, WorkspaceId? workspace = null, string model = "offline-embedding", int? dimensions = 256)
    {
        var store = VectorStore.Create(workspace ?? NewWorkspace(), Ids.New<UserId>(DateTimeOffset.UtcNow), "Store", null, null, model, dimensions, null, DateTimeOffset.UtcNow);
        await InScopeAsync(async scope =>
        {
            var db = scope.GetRequiredService<IKnowledgeDb>();
            db.VectorStores.Add(store);
            await db.SaveChangesAsync(cancellationToken);
        });
        return store;
    }

    public async Task<VectorStoreFile> AddAsync(VectorStore store, string text, CancellationToken cancellationToken, FileId? replaces = null, ChunkingStrategy? chunking = null) =>
        (await AddAsync(store, [text], cancellationToken, replaces, chunking))[0];

    public async Task<IReadOnlyList<VectorStoreFile>> AddAsync(
        VectorStore store, IReadOnlyList<string> texts, CancellationToken cancellationToken, FileId? replaces = null, ChunkingStrategy? chunking = null)
    {
        var storage = services.GetRequiredService<IFileStorage>();
        var files = new List<StoredFile>();
        foreach (var text in texts)
        {
            var file = StoredFile.Begin(store.WorkspaceId, store.UserId, $"document-{files.Count}.txt", "assistants", null, DateTimeOffset.UtcNow);
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
            var stored = await storage.WriteAsync(file.StorageKey, content, long.MaxValue, cancellationToken);
            file.Complete(stored.Bytes, stored.Hash);
            files.Add(file);
        }

        return await AttachAsync(store, files, cancellationToken, replaces, chunking, isNew: true);
    }

    public async Task<IReadOnlyList<VectorStoreFile>> AttachAsync(
        VectorStore store, IReadOnlyList<StoredFile> files, CancellationToken cancellationToken, FileId? replaces = null, ChunkingStrategy? chunking = null, bool isNew = false)
    {
        var rows = files.Select(file => VectorStoreFile.Attach(store, file.Id, "{}", chunking ?? ChunkingStrategy.Auto, null, replaces, DateTimeOffset.UtcNow)).ToList();
        await InScopeAsync(async scope =>
        {
            var db = scope.GetRequiredService<IKnowledgeDb>();
            if (isNew) db.Files.AddRange(files);
            db.VectorStoreFiles.AddRange(rows);
            await scope.GetRequiredService<IIngestionQueue>().SaveAndEnqueueAsync(rows, cancellationToken);
        });
        return rows;
    }

    public async Task RetryAsync(VectorStoreFile file, CancellationToken cancellationToken) => await InScopeAsync(async scope =>
    {
        var row = await scope.GetRequiredService<IKnowledgeDb>().VectorStoreFiles.SingleAsync(row => row.Id == file.Id, cancellationToken);
        row.Retry(DateTimeOffset.UtcNow);
        await scope.GetRequiredService<IIngestionQueue>().SaveAndEnqueueAsync([row], cancellationToken);
    });

    public async Task<int> CancelAsync(CancellationToken cancellationToken, params VectorStoreFile[] files)
    {
        var count = 0;
        await InScopeAsync(async scope => count = await scope.GetRequiredService<IIngestionQueue>().CancelAsync([.. files.Select(file => file.Id)], cancellationToken));
        return count;
    }

    public async Task<VectorStoreFile> GetAsync(VectorStoreFile file, CancellationToken cancellationToken)
    {
        VectorStoreFile? found = null;
        await InScopeAsync(async scope => found = await scope.GetRequiredService<IKnowledgeDb>().VectorStoreFiles.AsNoTracking().SingleAsync(row => row.Id == file.Id, cancellationToken));
        return found!;
    }

    /// <summary>Waits until the file is what is asked for; what it was last is said when the time is up.</summary>
    public async Task<VectorStoreFile> UntilAsync(VectorStoreFile file, Func<VectorStoreFile, bool> isSo, CancellationToken cancellationToken)
    {
        VectorStoreFile? now = null;
        try
        {
            while (true)
            {
                try
                {
                    now = await GetAsync(file, cancellationToken);
                    if (isSo(now)) return now;
                }
                catch (Exception e) when (e.GetBaseException() is NpgsqlException or IOException or SocketException)
                {
                    // A trial that kills the database.
                }

                await Task.Delay(20, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (now is not null)
        {
            throw new TimeoutException($"The file stayed {now.Status} in {now.Step}, progress {now.Progress}, attempt {now.Attempts}, {now.ErrorCode}: {now.ErrorMessage}");
        }
    }

    public Task<VectorStoreFile> UntilEndAsync(VectorStoreFile file, CancellationToken cancellationToken) =>
        UntilAsync(file, row => row.Status is not VectorStoreFileStatus.InProgress, cancellationToken);

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken) => (T)(await TestDatabase.ScalarAsync(database, sql, cancellationToken))!;

    /// <summary>Of every file that is completed: each chunk once, in order, each with one vector; and of anything else nothing that has no owner.</summary>
    public async Task ShouldBeWholeAsync(CancellationToken cancellationToken, int dimensions = 256)
    {
        var vectors = $"knowledge.vectors_{dimensions}";
        (await ScalarAsync<long>($"""
            SELECT count(*) FROM knowledge.vector_store_files f JOIN knowledge.vector_stores s ON s.id = f.vector_store_id WHERE s.dimensions = {dimensions} AND status = 'completed' AND (
                chunk_count = 0
                OR chunk_count <> (SELECT count(*) FROM knowledge.chunks c WHERE c.vector_store_file_id = f.id)
                OR chunk_count <> (SELECT max(ordinal) + 1 FROM knowledge.chunks c WHERE c.vector_store_file_id = f.id)
                OR chunk_count <> (SELECT count(*) FROM knowledge.chunks c JOIN {vectors} v ON v.vector_store_id = c.vector_store_id AND v.generation = s.generation AND v.chunk_id = c.id WHERE c.vector_store_file_id = f.id)
                OR chunk_count <> (SELECT count(*) FROM {vectors} v WHERE v.vector_store_file_id = f.id AND v.generation = s.generation)
                OR EXISTS (SELECT FROM knowledge.chunk_embeddings e WHERE e.vector_store_file_id = f.id)
                OR owner IS NOT NULL OR lease_until IS NOT NULL OR error_code IS NOT NULL)
            """, cancellationToken)).ShouldBe(0, "files that are not whole");
        (await ScalarAsync<long>($"""
            SELECT (SELECT count(*) FROM {vectors} v WHERE NOT EXISTS (SELECT FROM knowledge.chunks c WHERE c.id = v.chunk_id AND c.vector_store_file_id = v.vector_store_file_id AND c.workspace_id = v.workspace_id))
                 + (SELECT count(*) FROM knowledge.chunk_embeddings e WHERE NOT EXISTS (SELECT FROM knowledge.chunks c WHERE c.id = e.chunk_id))
                 + (SELECT count(*) FROM knowledge.chunks c WHERE NOT EXISTS (SELECT FROM knowledge.vector_store_files f WHERE f.id = c.vector_store_file_id AND f.status <> 'cancelled'))
            """, cancellationToken)).ShouldBe(0, "orphans");
    }

    /// <summary>So many sentences, in sections, no two alike.</summary>
    public static string Text(int sentences, string about = "things") => string.Join("\n\n", Enumerable.Range(0, (sentences + 9) / 10).Select(section =>
        $"# Section {section} about {about}\n\n" + string.Join(' ', Enumerable.Range(section * 10, Math.Min(10, sentences - section * 10)).Select(i => $"Sentence number {i} says what there is to say about {about} in this place."))));

    private async Task InScopeAsync(Func<IServiceProvider, Task> work)
    {
        await using var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().EnterSystem();
        await work(scope.ServiceProvider);
    }
}
