using System.ComponentModel;
using AiPlatform.Application.Knowledge.Extraction;

namespace AiPlatform.Infrastructure.Documents.Child;

/// <summary>
/// Parsers, each for one document, and never more of them than allowed. Where one has ended another is started at once and waits in its place, because a start
/// takes longer than to read a small file. Those for which nothing comes go after a while.
/// </summary>
internal sealed class ParserPool : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DocumentOptions _options;
    private readonly SandboxProbe _probe;
    private readonly ParserStarter _starter;
    private readonly SemaphoreSlim _free;
    private readonly Timer _dismissal;
    private readonly Lock _lock = new();
    private readonly List<ParserProcess> _waiting = [];
    private bool _isOver;

    public ParserPool(DocumentOptions options, SandboxProbe probe, ParserStarter starter)
    {
        (_options, _probe, _starter) = (options, probe, starter);
        _free = new SemaphoreSlim(options.Parsers);
        _dismissal = new Timer(_ => Dismiss(parser => parser.HasEnded || parser.Age > Patience), null, Patience / 6, Patience / 6);
    }

    /// <summary>Waits until there may be one more. It is to be given back.</summary>
    public async Task<ParserProcess> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return TakeWaiting() ?? await StartAsync(cancellationToken);
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>Ends it. Another takes its place if this one has answered: of those that cannot be relied on none is started without need.</summary>
    public void GiveBack(ParserProcess parser, bool hasAnswered)
    {
        parser.Dispose();
        if (hasAnswered) _ = ReplaceAsync();
        else _free.Release();
    }

    public void Dispose()
    {
        lock (_lock) _isOver = true;
        Dismiss(_ => true);
        _dismissal.Dispose();
    }

    private async Task ReplaceAsync()
    {
        try
        {
            var parser = await StartAsync(CancellationToken.None);
            lock (_lock) _waiting.Add(parser);
            if (_isOver) Dismiss(_ => true);
        }
        catch (Exception)
        {
            // Whoever needs one will try, and hear what is wrong.
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>The last that was started: those before it go when there are more than needed.</summary>
    private ParserProcess? TakeWaiting()
    {
        Dismiss(parser => parser.HasEnded);
        lock (_lock)
        {
            if (_waiting is not [.., var last]) return null;
            _waiting.RemoveAt(_waiting.Count - 1);
            return last;
        }
    }

    private void Dismiss(Predicate<ParserProcess> isToGo)
    {
        List<ParserProcess> going;
        lock (_lock)
        {
            going = _waiting.FindAll(isToGo);
            _waiting.RemoveAll(going.Contains);
        }

        foreach (var parser in going) parser.Dispose();
    }

    private async Task<ParserProcess> StartAsync(CancellationToken cancellationToken)
    {
        var sandbox = await _probe.SandboxAsync();
        var program = ParserProgram.Find(_options.ParserPath);
        var scratch = ScratchFolder.Create();
        try
        {
            return new ParserProcess(await _starter.StartAsync(sandbox, scratch.Path, program.File, program.Arguments, cancellationToken), scratch);
        }
        catch (Win32Exception e)
        {
            scratch.Dispose();
            throw new ParserUnavailable($"No parser could be started: {e.Message}");
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }
}
