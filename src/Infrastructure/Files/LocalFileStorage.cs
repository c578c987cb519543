using System.Buffers;
using System.Text.RegularExpressions;
using AiPlatform.Application.Knowledge.Files;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Infrastructure.Files;

/// <summary>
/// Contents in a folder: one folder for each workspace in it, one file for each content, named by the key. A content is written beside its place, flushed
/// to the disk, and moved into it. Nothing a client says becomes part of a path.
/// </summary>
internal sealed partial class LocalFileStorage(string folder, ILogger<LocalFileStorage> log) : ICheckedStorage
{
    private const int BufferLength = 128 * 1024;
    private const string Unfinished = ".part";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Place => folder;

    public async Task<StoredContent> WriteAsync(string key, Stream content, long mostBytes, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        using var measured = new MeasuredContent(content, mostBytes);
        try
        {
            await using (var file = Guarded(() => Create(path + Unfinished)))
            {
                int length;
                do
                {
                    length = await measured.ReadAsync(buffer.AsMemory(0, BufferLength), cancellationToken);
                    await GuardedAsync(() => file.WriteAsync(buffer.AsMemory(0, length), cancellationToken));
                }
                while (length == BufferLength);

                Guarded(() => file.Flush(flushToDisk: true));
            }

            Guarded(() => File.Move(path + Unfinished, path));
            FolderFlush.ToDisk(Path.GetDirectoryName(path)!);
            return measured.Result();
        }
        catch
        {
            TryDelete(path + Unfinished);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(PathOf(key), new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                // It may be deleted while it is read; whoever reads it reads on.
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            }));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw StorageFailures.Unavailable(log, e);
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (!Directory.Exists(Path.GetDirectoryName(path))) return Task.CompletedTask;
        Guarded(() => File.Delete(path));
        // Left where a process died while it wrote.
        Guarded(() => File.Delete(path + Unfinished));
        return Task.CompletedTask;
    }

    public Task CheckAsync(CancellationToken cancellationToken)
    {
        var probe = Path.Combine(folder, ".probe-" + Path.GetRandomFileName());
        try
        {
            using (Create(probe)) File.Delete(probe);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw new ConfigurationError($"Files cannot be kept in {folder}: {e.Message} Name a folder that this user can write in Knowledge__Storage__Folder.");
        }

        return Task.CompletedTask;
    }

    private string PathOf(string key) => KeyPattern().IsMatch(key) ? Path.Combine(folder, key) : throw new ArgumentException("This is no key of a content.", nameof(key));

    private static FileStream Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            // We write in large pieces ourselves.
            BufferSize = 0,
            UnixCreateMode = OwnerOnly,
        });
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (IsFailure(e))
        {
            // Deleted with the row that knows of it.
        }
    }

    private void Guarded(Action act) => Guarded(() =>
    {
        act();
        return true;
    });

    private T Guarded<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw StorageFailures.Unavailable(log, e);
        }
    }

    private async ValueTask GuardedAsync(Func<ValueTask> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw StorageFailures.Unavailable(log, e);
        }
    }

    private static bool IsFailure(Exception e) => e is IOException or UnauthorizedAccessException;

    [GeneratedRegex(@"\A[0-9a-f]{32}/[0-9a-f]{32}\z")]
    private static partial Regex KeyPattern();
}
