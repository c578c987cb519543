using AiPlatform.Domain.Knowledge;
using AiPlatform.Integration.Tests.Knowledge.Ingestion;
using Xunit.Abstractions;

namespace AiPlatform.Integration.Tests.Crash;

/// <summary>Two workers share a queue: each document is one's, and each workspace has its turns.</summary>
[Collection(IngestionTrials.Name)]
public sealed class IngestionShareTests(ServerPair servers, ITestOutputHelper output) : IngestionTrial(servers, output)
{
    private static readonly int[] Counts = [150, 40, 10];

    [Fact]
    public async Task Two_hundred_documents_of_three_workspaces_are_shared_fairly_and_none_is_worked_on_twice()
    {
        await Turns.RecordAsync(Servers.Database, Ct);
        var stores = new List<VectorStore>();
        var files = new List<VectorStoreFile>();
        foreach (var count in Counts)
        {
            var store = await CreateStoreAsync();
            stores.Add(store);
            files.AddRange(await Documents.AddAsync(store, [.. Enumerable.Range(0, count).Select(i => TestDocuments.Text(30, $"file {i} of {count}"))], Ct));
        }

        await ShouldAllBeCompletedAsync(files);

        var ids = string.Join(',', stores.Select(store => $"'{store.Id.Value}'"));
        (await Documents.ScalarAsync<long>($"SELECT count(*) FROM public.turns WHERE store IN ({ids})", Ct)).ShouldBe(files.Count);
        (await Documents.ScalarAsync<long>($"SELECT count(DISTINCT owner) FROM public.turns WHERE store IN ({ids})", Ct)).ShouldBe(2);
        (await Documents.ScalarAsync<long>("SELECT count(*) FROM public.turns a JOIN public.turns b ON a.file = b.file AND a.epoch < b.epoch AND b.at < COALESCE(a.until, 'infinity')", Ct)).ShouldBe(0);

        // From when all three were there, they took turns until the smallest, and then the next, had none left.
        for (var place = 1; place < Counts.Length; place++)
        {
            var store = stores[place].Id.Value;
            var meanwhile = await Documents.ScalarAsync<long>($"""
                SELECT count(*) FROM public.turns WHERE store = '{stores[0].Id.Value}'
                    AND at BETWEEN (SELECT min(at) FROM public.turns WHERE store = '{store}') AND (SELECT max(at) FROM public.turns WHERE store = '{store}')
                """, Ct);
            Output.WriteLine($"While {Counts[place]} files of one had their turns, {meanwhile} of the largest had theirs");
            meanwhile.ShouldBeLessThan(Counts[place] * 2 + 10);
        }
    }
}
