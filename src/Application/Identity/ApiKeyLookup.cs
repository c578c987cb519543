using AiPlatform.Application.Identity.Contracts;
using AiPlatform.Domain.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Application.Identity;

/// <summary>
/// Recognises API keys for all requests of this process. Those that come while a query is under way are answered by the next one, together: a burst of
/// requests costs a few queries, and each request is still judged by what held after it came. Nothing is remembered.
/// </summary>
internal sealed class ApiKeyLookup(IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Dictionary<string, TaskCompletionSource<Caller?>> _waiting = [];
    private bool _isBusy;

    public Task<Caller?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var name = Convert.ToHexString(hash);
        TaskCompletionSource<Caller?>? mine;
        bool wasBusy;
        lock (_lock)
        {
            if (!_waiting.TryGetValue(name, out mine))
                _waiting[name] = mine = new TaskCompletionSource<Caller?>(TaskCreationOptions.RunContinuationsAsynchronously);
            (wasBusy, _isBusy) = (_isBusy, true);
        }

        if (!wasBusy)
        {
            // It works for whoever comes: what follows must not count as part of this request.
            using (ExecutionContext.SuppressFlow()) _ = AnswerAllAsync();
        }

        return mine.Task.WaitAsync(cancellationToken);
    }

    private async Task AnswerAllAsync()
    {
        while (TakeWaiting() is { Count: > 0 } waiting)
        {
            try
            {
                var found = await QueryAsync([.. waiting.Keys.Select(Convert.FromHexString)]);
                foreach (var (name, answer) in waiting) answer.SetResult(found.GetValueOrDefault(name));
            }
            catch (Exception e)
            {
                foreach (var answer in waiting.Values) answer.TrySetException(e);
            }
        }
    }

    private Dictionary<string, TaskCompletionSource<Caller?>> TakeWaiting()
    {
        lock (_lock)
        {
            var taken = _waiting;
            _waiting = [];
            _isBusy = taken.Count > 0;
            return taken;
        }
    }

    private async Task<Dictionary<string, Caller>> QueryAsync(byte[][] hashes)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IIdentityDb>();
        // Nobody is known yet, so this one lookup goes across workspaces: by hashes of 256-bit secrets. It ends by the database's own timeout, not by any
        // request's: others wait for it too.
        var found = await (
            from key in db.ApiKeys.IgnoreQueryFilters().AsNoTracking()
            join user in db.Users.IgnoreQueryFilters() on key.UserId equals user.Id
            where hashes.Contains(key.Hash) && user.DisabledAt == null
            select new { Key = key, user.Role }).ToListAsync(CancellationToken.None);
        var now = clock.GetUtcNow();
        var usable = found.Where(one => one.Key.IsUsable(now)).ToList();
        await MarkUsedAsync(db, usable.Select(one => one.Key), now);
        return usable.ToDictionary(one => Convert.ToHexString(one.Key.Hash), one => CallerOf(one.Key, one.Role));
    }

    private static async Task MarkUsedAsync(IIdentityDb db, IEnumerable<ApiKey> keys, DateTimeOffset now)
    {
        var due = keys.Where(key => key.LastUsedAt is null || now - key.LastUsedAt > LastUsedPrecision).Select(key => key.Id).ToList();
        if (due.Count == 0) return;
        await db.ApiKeys.IgnoreQueryFilters().Where(key => due.Contains(key.Id))
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.LastUsedAt, now), CancellationToken.None);
    }

    // A key never outgrows its owner: an admin who became a member takes the admin scope along.
    private static Caller CallerOf(ApiKey key, Role role) => new(
        key.WorkspaceId, key.UserId, role, IsOperator: false, key.Id, [.. key.Scopes.Where(scope => scope != Scopes.Admin || role is Role.Admin)]);
}
