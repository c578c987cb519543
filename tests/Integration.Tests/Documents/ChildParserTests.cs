using System.Net;
using System.Net.Sockets;
using AiPlatform.Application.Knowledge.Extraction;
using AiPlatform.Infrastructure;
using AiPlatform.Infrastructure.Documents;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Integration.Tests.Documents;

/// <summary>A parser that misbehaves, played by a script in its place: whatever it does, the server stays well and the file ends with a reason.</summary>
[Collection(nameof(Alone))]
public sealed class ChildParserTests : IDisposable
{
    private const string Over = "echo '{\"End\":{\"Format\":\"txt\"}}'";

    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aiplatform-test-");

    /// <summary>Measures memory and counts processes, so nothing else may run at the same time.</summary>
    [CollectionDefinition(nameof(Alone), DisableParallelization = true)]
    public sealed class Alone;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task One_that_hangs_is_killed_with_all_that_it_started()
    {
        await using var fixture = Playing("sleep 86399.25 & sleep 86399.25", new() { ["Timeout"] = "00:00:03" });

        var outcome = await fixture.ParseAsync(Content, "a.pdf", Ct);

        outcome.Failure.ShouldBeOfType<DocumentRefused>().Message.ShouldContain("00:00:03");
        await NobodyRunsAsync("86399.25");
    }

    [Fact]
    public async Task One_that_ends_leaves_nothing_running()
    {
        await using var fixture = Playing($"sleep 86398.25 >/dev/null 2>&1 & {Over}");

        (await fixture.ParseAsync(Content, "a.pdf", Ct)).Text.ShouldNotBeNull();

        await NobodyRunsAsync("86398.25");
    }

    [Fact]
    public async Task One_whose_caller_gave_up_is_killed()
    {
        await using var fixture = Playing("sleep 86397.25");
        using var caller = new CancellationTokenSource(TimeSpan.FromSeconds(2));

        (await fixture.ParseAsync(Content, "a.pdf", caller.Token)).Failure.ShouldBeAssignableTo<OperationCanceledException>();

        await NobodyRunsAsync("86397.25");
    }

    [Fact]
    public async Task It_sees_none_of_the_servers_secrets()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__TestOnly", "Password=zanzibar");
        await using var fixture = Playing($"{Say("$(env | tr '\\n\"' '  ')")}; {Over}");

        var text = (await fixture.ParseAsync(Content, "a.pdf", Ct)).Text!.Text;

        text.ShouldContain("PATH=");
        text.ShouldNotContain("zanzibar");
        text.ShouldNotContain("ConnectionStrings");
    }

    [Fact]
    public async Task It_reaches_no_network()
    {
        if (!Works("unshare", "-rn", "true") && !Works("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true")) return;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var fixture = Playing($"if (exec 3<>/dev/tcp/127.0.0.1/{port}) 2>/dev/null; then {Say("reached")}; else {Say("alone")}; fi; {Over}");

        (await fixture.ParseAsync(Content, "a.pdf", Ct)).Text!.Text.ShouldBe("alone");
    }

    [Fact]
    public async Task It_sees_no_files_but_its_own_and_programs()
    {
        if (!Works("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true")) return;
        var secret = Path.Combine(Path.GetTempPath(), $"aiplatform-test-secret-{Environment.ProcessId}");
        await File.WriteAllTextAsync(secret, "zanzibar", Ct);
        try
        {
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "appsettings.json"), "zanzibar", Ct);
            await using var fixture = Playing($"{Say($"found $(cat {secret} {_folder.FullName}/appsettings.json /etc/passwd 2>/dev/null | head -c 100)")}; {Over}");

            (await fixture.ParseAsync(Content, "a.pdf", Ct)).Text!.Text.TrimEnd().ShouldBe("found");
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public async Task A_crash_is_the_files_fault_and_a_kill_is_not()
    {
        await using var crashing = Playing("kill -SEGV $$");
        (await crashing.ParseAsync(Content, "a.pdf", Ct)).Failure.ShouldBeOfType<DocumentRefused>();

        await using var spinning = Playing("while :; do :; done", new() { ["CpuSeconds"] = "1" });
        (await spinning.ParseAsync(Content, "a.pdf", Ct)).Failure.ShouldBeOfType<DocumentRefused>().Message.ShouldContain("processor time");

        await using var killed = Playing("kill -KILL $$");
        (await killed.ParseAsync(Content, "a.pdf", Ct)).Failure.ShouldBeOfType<ParserUnavailable>();
    }

    [Theory]
    [InlineData("echo nonsense", typeof(ParserUnavailable))]
    [InlineData("yes | tr -d '\\n'", typeof(ParserUnavailable))]
    [InlineData("yes '{\"Page\":{\"Number\":1,\"Blocks\":[{\"Kind\":1,\"Text\":\"more and more and more and more and more and more\"}]}}'", typeof(DocumentRefused))]
    [InlineData("yes x >&2", typeof(DocumentRefused))]
    public async Task One_that_talks_nonsense_without_end_costs_the_server_no_memory(string script, Type failure)
    {
        await using var fixture = Playing(script, new() { ["Timeout"] = "00:00:08", ["MaxCharacters"] = "2000000" });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        using var done = new CancellationTokenSource();
        var watch = WatchAsync();

        (await fixture.ParseAsync(Content, "a.pdf", Ct)).Failure.ShouldBeOfType(failure);

        await done.CancelAsync();
        await watch;
        (most - before).ShouldBeLessThan(100 << 20);

        async Task WatchAsync()
        {
            while (!done.IsCancellationRequested)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false));
                await Task.Delay(20, Ct);
            }
        }
    }

    [Fact]
    public async Task A_bomb_costs_the_server_no_memory()
    {
        await using var fixture = new ParserFixture();
        var bomb = Making.ZipMaker.Bomb("word/document.xml", $"<w:document {Making.OfficeMaker.Word}>", "<w:p/>          ", 200, Making.OfficeMaker.ContentTypes);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        (await fixture.ParseAsync(bomb, "bomb.docx", Ct)).Failure.ShouldBeOfType<DocumentRefused>();

        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(20 << 20);
    }

    [Fact]
    public async Task No_more_run_at_once_than_allowed()
    {
        await using var fixture = Playing($"A=$(date +%s%N); sleep 0.3; {Say("$A $(date +%s%N)")}; {Over}", new() { ["Parsers"] = "2" });

        var times = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => fixture.ParseAsync(Content, "a.pdf", Ct)));

        var spans = times.Select(outcome => outcome.Text!.Text.Split(' ').Select(long.Parse).ToArray()).ToList();
        spans.Max(span => spans.Count(other => other[0] <= span[0] && other[1] > span[0])).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Its_scratch_folder_is_gone_with_it()
    {
        await using (var fixture = Playing($"echo x >$TMPDIR/left-over; {Waiting}"))
        {
            var folder = (await fixture.ParseAsync(Content, "a.pdf", Ct)).Text!.Text;

            ScratchFolders.ShouldNotContain(folder);
        }

        // Also of the one that waited.
        ScratchFolders.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_next_one_waits_and_reads_one_document_only()
    {
        await using var fixture = Playing(Waiting, new() { ["Parsers"] = "1" });
        var read = new List<string> { (await fixture.ParseAsync(Content, "a.pdf", Ct)).Text!.Text };
        for (var document = 2; document <= 3; document++)
        {
            var next = await OneWaitsAsync();
            read.Add((await fixture.ParseAsync(Content, "a.pdf", Ct)).Text!.Text);
            read[^1].ShouldBe(next);
        }

        read.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task One_that_waits_has_not_begun_its_time()
    {
        await using var fixture = Playing(Waiting, new() { ["Parsers"] = "1", ["Timeout"] = "00:00:02" });
        await fixture.ParseAsync(Content, "a.pdf", Ct);
        var next = await OneWaitsAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), Ct);

        (await fixture.ParseAsync(Content, "a.pdf", Ct)).Text!.Text.ShouldBe(next);
    }

    [Fact]
    public async Task One_that_dies_while_it_waits_costs_nobody_a_document()
    {
        await using var fixture = Playing(Waiting, new() { ["Parsers"] = "1" });
        await fixture.ParseAsync(Content, "a.pdf", Ct);
        var next = await OneWaitsAsync();
        foreach (var process in Processes(next))
        {
            using var dying = System.Diagnostics.Process.GetProcessById(process);
            dying.Kill();
        }

        await NobodyRunsAsync(next);

        (await fixture.ParseAsync(Content, "a.pdf", Ct)).Text!.Text.ShouldNotBe(next);
    }

    [Fact]
    public async Task One_that_waits_ends_with_the_server()
    {
        string next;
        await using (var fixture = Playing(Waiting))
        {
            await fixture.ParseAsync(Content, "a.pdf", Ct);
            next = await OneWaitsAsync();
        }

        await NobodyRunsAsync(next);
    }

    [Fact]
    public async Task A_missing_program_is_named_to_the_operator_and_is_not_the_files_fault()
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        foreach (var program in new[] { "setsid", "setpriv", "prlimit", "unshare", "true" })
            File.CreateSymbolicLink(Path.Combine(_folder.FullName, program), $"/usr/bin/{program}");
        Environment.SetEnvironmentVariable("PATH", _folder.FullName);
        try
        {
            await using var fixture = new ParserFixture();
            await fixture.StartAsync(Ct);

            (await fixture.ParseAsync(Making.PdfMaker.Of("text"), "a.pdf", Ct)).Failure.ShouldBeOfType<ParserUnavailable>().Message.ShouldContain("poppler-utils");

            var warnings = fixture.Log.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message).ToList();
            warnings.ShouldContain(message => message.Contains("pandoc", StringComparison.Ordinal));
            warnings.Count(message => message.Contains("bubblewrap", StringComparison.Ordinal)).ShouldBe(1);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Theory]
    [InlineData("Parsers", "0")]
    [InlineData("MemoryMb", "1")]
    [InlineData("Timeout", "00:00:00")]
    [InlineData("OcrLanguages", "eng+../hin")]
    [InlineData("ParserPath", "/nowhere/at/all")]
    [InlineData("CpuSeconds", "many")]
    public void A_setting_that_cannot_be_ends_the_start_and_is_named(string key, string value) =>
        Should.Throw<ConfigurationError>(() => new ParserFixture(new() { [key] = value })).Message.ShouldContain($"Documents:{key}");

    /// <summary>Reads a document and says where, which no two do in the same place.</summary>
    private static string Waiting => $"cat >/dev/null; {Say("$TMPDIR")}; {Over}";

    private static string[] ScratchFolders => Directory.GetDirectories(Path.GetTempPath(), $"aiplatform-parse-{Environment.ProcessId}-*");

    private static async Task<string> OneWaitsAsync()
    {
        for (var tries = 0; tries < 300; tries++)
        {
            // Its folder is in the command that confines it.
            if (ScratchFolders is [var folder] && Processes(folder).Any()) return folder;
            await Task.Delay(100, Ct);
        }

        throw new InvalidOperationException("No parser waits.");
    }

    private static byte[] Content => "%PDF-1.4 whatever"u8.ToArray();

    private static string Say(string text) => $"printf '{{\"Page\":{{\"Number\":1,\"Blocks\":[{{\"Kind\":1,\"Text\":\"%s\"}}]}}}}\\n' \"{text}\"";

    private ParserFixture Playing(string script, Dictionary<string, string?>? settings = null)
    {
        var path = Path.Combine(_folder.FullName, "parser.sh");
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute | UnixFileMode.GroupRead);
        return new ParserFixture(new(settings ?? []) { ["ParserPath"] = path });
    }

    private static bool Works(string program, params string[] arguments)
    {
        try
        {
            Making.Programs.Run(program, arguments);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>The kernel takes a moment to bury them.</summary>
    private static async Task NobodyRunsAsync(string argument)
    {
        for (var tries = 0; tries < 100; tries++)
        {
            if (!Processes(argument).Any()) return;
            await Task.Delay(100, Ct);
        }

        throw new InvalidOperationException($"A process with the argument {argument} still runs.");
    }

    private static IEnumerable<int> Processes(string argument)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), System.Globalization.CultureInfo.InvariantCulture, out var id)) continue;
            string[] arguments;
            try
            {
                arguments = File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (arguments.Contains(argument)) yield return id;
        }
    }
}
