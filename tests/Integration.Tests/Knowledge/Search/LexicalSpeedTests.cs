using System.Diagnostics;
using System.Globalization;
using System.Text;
using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Application.Knowledge.Search;
using AiPlatform.Domain.Identity;
using AiPlatform.Domain.Knowledge;
using AiPlatform.Integration.Tests.Crash;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Knowledge.Search;

/// <summary>A store of a hundred thousand chunks, whose words are as common as words are. Takes minutes, so only with all trials; it says what things cost, and fails by outcomes only.</summary>
public sealed class LexicalSpeedTests(Platform platform, ITestOutputHelper output) : PlatformTest(platform), IClassFixture<Platform>
{
    private const int Files = 2000;
    private const int ChunksOfFile = 50;
    private const int WordsOfChunk = 120;
    private const int Vocabulary = 150_000;
    private const int Queries = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    [Fact]
    public async Task A_hundred_thousand_chunks_are_indexed_merged_and_searched()
    {
        if (!Trials.IsFull) return;
        using var limit = new CancellationTokenSource(Limit);
        var (ct, random, watch) = (limit.Token, new Random(1), Stopwatch.StartNew());
        var store = await Api.CreateStoreAsync(ct);
        var (storeId, workspace) = (Guid.ParseExact(store[^32..], "n"), (Guid)(await SqlAsync("SELECT workspace_id FROM knowledge.vector_stores LIMIT 1", ct))!);
        await FillAsync(workspace, storeId, random, ct);
        output.WriteLine($"filled in {watch.Elapsed.TotalSeconds:F0} s");

        watch.Restart();
        await SendAsync(new IndexWords(), ct);
        output.WriteLine($"indexed in {watch.Elapsed.TotalSeconds:F1} s: {Files * ChunksOfFile / watch.Elapsed.TotalSeconds:F0} chunks/s");
        (await SqlAsync("SELECT count(*) FROM knowledge.vector_store_files WHERE lexical_version IS NULL", ct)).ShouldBe(0L);
        watch.Restart();
        await SendAsync(new MergeSegments(), ct);
        output.WriteLine($"merged in {watch.Elapsed.TotalSeconds:F1} s; {await SqlAsync("SELECT count(*) FROM knowledge.lexical_segments", ct)} segments; index "
            + await SqlAsync("SELECT pg_size_pretty(pg_total_relation_size('knowledge.lexical_segments') + pg_total_relation_size('knowledge.lexical_blocks'))", ct)
            + ", terms of chunks " + await SqlAsync("SELECT pg_size_pretty(sum(octet_length(terms))) FROM knowledge.chunks", ct)
            + ", text " + await SqlAsync("SELECT pg_size_pretty(sum(octet_length(content))) FROM knowledge.chunks", ct));

        var search = Platform.Services.GetRequiredService<ILexicalSearch>();
        foreach (var (name, most, least) in new[] { ("mixed", 100_000, 0), ("hot", 40, 0), ("rare", Vocabulary, 3000) })
        {
            string[] asked = [.. Enumerable.Range(0, Queries).Select(_ => string.Join(' ', Enumerable.Range(0, 6).Select(_ => Word(least + Zipf(random, most - least)))))];
            foreach (var round in new[] { "cold", "warm" })
            {
                var times = new List<double>();
                foreach (var text in asked)
                {
                    watch.Restart();
                    var hits = await search.SearchAsync(new LexicalQuery { WorkspaceId = new WorkspaceId(workspace), Stores = [new VectorStoreId(storeId)], Text = text }, ct);
                    times.Add(watch.Elapsed.TotalMilliseconds);
                    hits.Hits.ShouldNotBeEmpty();
                }

                times.Sort();
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {round}: p50 {times[Queries / 2]:F1} ms, p90 {times[Queries * 9 / 10]:F1} ms, p99 {times[Queries * 99 / 100]:F1} ms"));
            }
        }
    }

    private async Task FillAsync(Guid workspace, Guid store, Random random, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(Platform.Database.ConnectionString);
        await connection.OpenAsync(ct);
        var files = new List<Guid>();
        for (var i = 0; i < Files; i++) files.Add(Guid.CreateVersion7());
        await using (var insert = new NpgsqlCommand(
            """
            INSERT INTO knowledge.files (id, workspace_id, user_id, filename, purpose, status, bytes, created_at) SELECT id, $2, id, 'f.txt', 'assistants', 'ready', 1, now() FROM unnest($1) id;
            """, connection) { Parameters = { new() { Value = files.ToArray() }, new() { Value = workspace } } })
            await insert.ExecuteNonQueryAsync(ct);
        await using (var insert = new NpgsqlCommand(
            """
            INSERT INTO knowledge.vector_store_files (id, workspace_id, vector_store_id, file_id, attributes, max_chunk_tokens, chunk_overlap_tokens, status, step, progress, attempts, epoch, chunk_count, usage_bytes, created_at, updated_at)
            SELECT id, $2, $3, id, '{}', 800, 0, 'completed', 'switch', 1, 1, 1, 50, 0, now(), now() FROM unnest($1) id
            """, connection) { Parameters = { new() { Value = files.ToArray() }, new() { Value = workspace }, new() { Value = store } } })
            await insert.ExecuteNonQueryAsync(ct);
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY knowledge.chunks (workspace_id, vector_store_id, vector_store_file_id, ordinal, content, headings, first_page, last_page, start_offset, end_offset, tokens, embedding_hash) FROM STDIN (FORMAT BINARY)", ct);
        var text = new StringBuilder();
        foreach (var file in files)
        {
            for (var ordinal = 0; ordinal < ChunksOfFile; ordinal++)
            {
                text.Clear();
                for (var i = 0; i < WordsOfChunk; i++) text.Append(Word(Zipf(random, Vocabulary))).Append(' ');
                await copy.StartRowAsync(ct);
                foreach (var id in new[] { workspace, store, file }) await copy.WriteAsync(id, ct);
                await copy.WriteAsync(ordinal, ct);
                await copy.WriteAsync(text.ToString(), ct);
                await copy.WriteAsync(Array.Empty<string>(), NpgsqlDbType.Array | NpgsqlDbType.Text, ct);
                foreach (var number in new[] { 1, 1, 0, text.Length, WordsOfChunk }) await copy.WriteAsync(number, ct);
                await copy.WriteAsync(Guid.CreateVersion7().ToByteArray(), ct);
            }
        }

        await copy.CompleteAsync(ct);
    }

    private async Task SendAsync(IRequest<int> request, CancellationToken ct)
    {
        await using var scope = Platform.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CallerContext>().EnterSystem();
        await scope.ServiceProvider.GetRequiredService<IMediator>().Send(request, ct);
    }

    // The n-th word is 1/n as common as the first.
    private static int Zipf(Random random, int words) => (int)Math.Pow(words, random.NextDouble()) - 1;

    private static string Word(int number) => string.Create(CultureInfo.InvariantCulture, $"w{(char)('a' + (number % 26))}{(char)('a' + (number / 26 % 26))}{(char)('a' + (number / 676 % 26))}{(char)('a' + (number / 17576))}k");

    private Task<object?> SqlAsync(string sql, CancellationToken ct) => Platform.Database.ScalarAsync(sql, ct);
}
