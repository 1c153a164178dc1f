using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Agent.IntegrationTests.CommandLine;

namespace Agent.IntegrationTests;

/// <summary>Places where little is allowed: the app answers, prints and ends as without the agent, and is traced, or one line says why there is less.</summary>
[TestClass]
public sealed partial class HostilePlaceTests
{
    /// <summary>The snapshot of a page in StorefrontTests, where the Storefront runs as it likes.</summary>
    const string AsAnywhere = "Page_that_calls_its_own_service";

    static readonly string[] AsNobody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];

    /// <summary>Every mount of the process's own view becomes read-only, but for memory where that is named.</summary>
    const string ReadOnly = """for at in $(cut -d ' ' -f 5 /proc/self/mountinfo); do case $at in /proc*|/sys*|$1) ;; *) mount -o remount,bind,ro $at || exit 91 ;; esac; done; shift; exec "$@" """;

    readonly string _folder = Directory.CreateTempSubdirectory("agent-hostile").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public Task Somebody_without_rights_and_without_a_home() => Traced(AsNobody, ("HOME", null));

    [TestMethod]
    public Task Temporary_folder_that_does_not_exist() => TracedLess(AsNobody, ("TMPDIR", Path.Combine(_folder, "missing")), ("HOME", null));

    [TestMethod]
    public Task Temporary_folder_without_programs() => Traced(InAView("""mount -t tmpfs -o noexec,mode=1777 none "$0"; exec "$@" """), ("TMPDIR", _folder));

    [TestMethod]
    public Task Nothing_can_be_written() => TracedLess(InAView(ReadOnly, "nothing"), ("HOME", null), ("TMPDIR", null));

    /// <summary>The runtime cannot make its socket, because the path is too long for one, and a process that had the same number has left one behind.</summary>
    [TestMethod]
    public async Task The_socket_of_an_earlier_process()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, new string('t', 100))).FullName;
        await TracedLess(["sh", "-c", """touch "$TMPDIR/dotnet-diagnostic-$$-1-socket" && exec "$@" """, "sh"], ("TMPDIR", folder));
    }

    [TestMethod]
    public Task Nothing_can_be_written_but_memory() => Traced(InAView(ReadOnly, "/dev/shm"), ("HOME", null), ("TMPDIR", "/dev/shm"));

    [TestMethod]
    public Task Standard_error_is_a_full_disk() => Traced(["sh", "-c", """exec "$@" 2> /dev/full""", "sh"], said: []);

    [TestMethod]
    public Task Standard_error_is_closed() => Traced(["sh", "-c", """exec "$@" 2>&-""", "sh"], said: []);

    /// <summary>All that the app and the agent take. The Storefront is too large for it with the agent, and nearly without.</summary>
    [TestMethod]
    public async Task Container_with_64_mebibytes()
    {
        var container = new[] { "/sys/fs/cgroup/memory", "/sys/fs/cgroup" }.FirstOrDefault(Directory.Exists) + $"/{Path.GetFileName(_folder)}";
        string[] place = ["sh", "-c", """
            mkdir -p $0 && if [ -e $0/memory.limit_in_bytes ]; then echo 67108864 > $0/memory.limit_in_bytes; else echo 67108864 > $0/memory.max; fi && echo $$ > $0/cgroup.procs && exec "$@"
            """, container];
        try
        {
            await MustBeAllowed(place);
            await using var app = await TracedApp.Start(With(new ProcessStartInfo(place[0], place[1..]), "dotnet", Places.TestApp("Parcels")));
            for (var i = 0; i < 200; i += 4)
                await Task.WhenAll(Enumerable.Range(i, 4).Select(id => app.Client.GetStringAsync(new Uri($"/parcels/{id}", UriKind.Relative))));
            var (traces, ended) = await app.Stop();
            Assert.AreEqual((0, 200), (ended.ExitCode, traces.Count));
            Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        }
        finally
        {
            if (Directory.Exists(container))
                Directory.Delete(container);
        }
    }

    /// <summary>The runtime ends an app that needs more than its limit.</summary>
    [TestMethod]
    public async Task Little_memory()
    {
        await using var shop = await TracedApp.Start("Storefront", ("DOTNET_GCHeapHardLimit", "0x4000000")); // 64 MiB
        var requests = new Task<string>[4];
        for (var i = 0; i < 160; i += requests.Length)
        {
            for (var j = 0; j < requests.Length; j++)
                requests[j] = shop.Client.GetStringAsync(new Uri("/Products/1", UriKind.Relative));
            foreach (var page in await Task.WhenAll(requests))
                StringAssert.Contains(page, "</html>");
        }
        var (traces, ended) = await shop.Stop();
        Assert.AreEqual(0, ended.ExitCode);
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        Assert.HasCount(160, traces);
        foreach (var trace in traces)
            Assert.HasCount(traces[0].Nodes.Count, trace.Nodes);
        Snapshot.Matches([traces[0]], file: "StorefrontTests.cs", test: AsAnywhere);
    }

    /// <summary>As a container's image for another processor runs. There code that is changed while it runs ends the app, unless the runtime is told to write it in place.</summary>
    [TestMethod]
    [TestCategory("OnNet10")]
    [DataRow(null, ". Only the framework's own spans, because this process is emulated, as containers for another processor are, and QEMU before 8.1 takes notice of changed code only with DOTNET_EnableWriteXorExecute=0.", "GET /papers/{name}")]
    [DataRow("0", ".", "GET /papers/{name} > middleware Program.cs:9 > endpoint /papers/{name}")]
    public async Task Emulated_processor(string? writesApart, string said, string spans)
    {
        string[] place = ["sh", "-c", """program=$(which "$1") && shift && exec qemu-$0-static "$program" "$@" """, RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "x86_64" : "aarch64"];
        await MustBeAllowed(place);
        await using var app = await TracedApp.Start(With(new ProcessStartInfo(place[0], place[1..]), "dotnet", Places.TestApp("Kiosk")), ("DOTNET_EnableWriteXorExecute", writesApart));
        Assert.AreEqual("""{"name":"Times","price":2.5}""", await app.Client.GetStringAsync(new Uri("/papers/Times", UriKind.Relative)));
        StringAssert.StartsWith(await Tool.Do("status", $"{app.Id}"), $"Kiosk (process {app.Id}), .NET ");
        var (traces, ended) = await app.Stop();
        Assert.AreEqual(3, ended.ExitCode);
        StringAssert.StartsWith(ended.Error, "Agent 0.1.0: tracing Kiosk (Production), ");
        StringAssert.EndsWith(ended.Error, $"(http/protobuf){said}\n");
        Assert.AreEqual(spans, string.Join(" > ", traces.Single().Nodes.Select(static node => node.Span.Name)));
    }

    static Task Traced(string[] place, params (string, string?)[] environment) => Traced(place, [""], environment);

    static Task Traced(string[] place, string[] said, params (string, string?)[] environment) => Run(place, said, AsAnywhere, environment);

    /// <summary>The runtime has no socket there by which it could be asked for patches.</summary>
    static Task TracedLess(string[] place, params (string, string?)[] environment) =>
        Run(place, ["; TMPDIR may name another, such as /dev/shm"], "Methods_cannot_be_patched", environment);

    /// <param name="place">The command that starts the app there.</param>
    /// <param name="said">What the lines on standard error have in them.</param>
    /// <param name="snapshot">The trees that the Storefront has anywhere.</param>
    static async Task Run(string[] place, string[] said, string snapshot, (string, string?)[] environment)
    {
        await MustBeAllowed(place);
        ProcessStartInfo Start() => place is [var first, .. var rest]
            ? new(first, [.. rest, "dotnet", Places.TestApp("Storefront")])
            : new("dotnet", [Places.TestApp("Storefront")]);

        await using var without = TestApp.Start(With(Start(), "--urls", "http://127.0.0.1:0"), environment);
        using var client = new HttpClient { BaseAddress = await without.Listening };
        var expected = await client.GetStringAsync(new Uri("/Products/1", UriKind.Relative));
        var expectedEnd = await without.Stop();

        await using var shop = await TracedApp.Start(Start(), environment);
        Assert.AreEqual(expected, await shop.Client.GetStringAsync(new Uri("/Products/1", UriKind.Relative)));
        var (traces, ended) = await shop.Stop();
        Assert.AreEqual((expectedEnd.ExitCode, New().Replace(expectedEnd.Output, "")), (ended.ExitCode, New().Replace(ended.Output, "")));
        var lines = ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[expectedEnd.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length..];
        Assert.HasCount(said.Length, lines, ended.Error);
        for (var i = 0; i < said.Length; i++)
            StringAssert.Contains(lines[i], said[i]);
        Snapshot.Matches(traces, file: "StorefrontTests.cs", test: snapshot);
    }

    static ProcessStartInfo With(ProcessStartInfo start, params string[] arguments)
    {
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>A shell in a view of its own of what is mounted, which only root may change; the app is somebody without rights.</summary>
    string[] InAView(string script, params string[] arguments) => ["unshare", "--mount", "sh", "-c", script, _folder, .. arguments, .. AsNobody];

    static async Task MustBeAllowed(string[] place)
    {
        if (place is not [var program, .. var rest])
            return;
        try
        {
            using var attempt = Process.Start(new ProcessStartInfo(program, [.. rest, "test", "-r", Places.TestApp("Storefront")]) { RedirectStandardError = true })!;
            var error = await attempt.StandardError.ReadToEndAsync();
            await attempt.WaitForExitAsync();
            if (attempt.ExitCode != 0)
                Assert.Inconclusive($"this place cannot be made here: {string.Join(' ', place)} ended with {attempt.ExitCode} {error}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Assert.Inconclusive($"this place cannot be made here: {e.Message}");
        }
    }

    /// <summary>The port, and the key for data protection that an app makes each time where it cannot keep one.</summary>
    [GeneratedRegex(@"127\.0\.0\.1:\d+|\{[0-9a-f-]{36}\}")]
    private static partial Regex New();
}
