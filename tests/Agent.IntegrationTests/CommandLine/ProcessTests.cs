using System.Diagnostics;
using System.Text.Json.Nodes;
using Agent.Viewer;

namespace Agent.IntegrationTests.CommandLine;

/// <summary>`agent check PID`, `agent check` and `agent status`: processes that run.</summary>
[TestClass]
public sealed class ProcessTests
{
    static OtlpReceiver _collector = null!;

    [ClassInitialize]
    public static async Task StartCollector(TestContext _) => _collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });

    [ClassCleanup]
    public static async Task StopCollector() => await _collector.DisposeAsync();

    static (string, string?)[] Traced => [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.HttpEndpoint.ToString()), ("OTEL_BSP_SCHEDULE_DELAY", "100")];

    [TestMethod]
    public async Task A_traced_process()
    {
        await using var app = await Start(Traced);
        await Ask(app, "/papers/Echo");
        var answer = await Tool.Check([], $"{app.Id}");
        Assert.IsTrue(answer is { IsTraced: true, IsFine: true }, answer.Document.ToString());
        Assert.AreEqual("Kiosk", (string?)answer.Document["status"]!["process"]!["name"]);
        var said = await Tool.Run("check", $"{app.Id}");
        Assert.AreEqual(0, said.ExitCode, said.Output);
        StringAssert.StartsWith(said.Output, $"Kiosk (process {app.Id}) is traced.\n");
        StringAssert.Contains(said.Output, $"agent status {app.Id} shows what it does: ");
    }

    [TestMethod]
    public async Task Status()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var app = await Start([.. Traced, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString())]);
        var arrived = Requests(collector, 1);
        await Ask(app, "/papers/Echo");
        await arrived;
        var asked = JsonNode.Parse((await Tool.Run("status", $"{app.Id}", "--json")).Output)!;
        Assert.IsEmpty(asked["sources"]!["heard"]!.AsObject(), "spans are counted by their sources once somebody has asked");
        arrived = Requests(collector, 3);
        await Ask(app, "/papers/Echo");
        await Ask(app, "/papers/Echo");
        await arrived;
        var counted = JsonNode.Parse((await Tool.Run("status", $"{app.Id}", "--json")).Output)!;
        Assert.AreEqual(2, (int)counted["sources"]!["heard"]!["Microsoft.AspNetCore"]!);
        Assert.AreEqual((int)counted["exporters"]![0]!["produced"]!, (int)asked["exporters"]![0]!["produced"]! + counted["sources"]!["heard"]!.AsObject().Sum(source => (int)source.Value!));

        var page = await Tool.Run("status", $"{app.Id}");
        Assert.AreEqual((0, ""), (page.ExitCode, page.Error));
        foreach (var expected in (string[])
        [
            $@"^Kiosk \(process {app.Id}\), \.NET {Environment.Version}, Production, agent 0\.1\.0$", @"^  tracing Kiosk \(Production\), traces go to ", @"^  otlp +\d+ +\d+ +0 +\d+", @"^      2 +0\.0  Microsoft\.AspNetCore",
            @"^  \d+ methods patched", @"^  HOOKS +\d+  .*Middleware", $@"^  environment  OTEL_EXPORTER_OTLP_ENDPOINT +{collector.HttpEndpoint}",
        ])
        {
            StringAssert.Matches(page.Output, new(expected, System.Text.RegularExpressions.RegexOptions.Multiline));
        }
        Assert.DoesNotContain("AGENT_MIDDLEWARE", page.Output);
        StringAssert.Contains((await Tool.Run("status", $"{app.Id}", "--all")).Output, "AGENT_MIDDLEWARE");
        Assert.HasCount(1, (await app.Stop()).Error.Trim().Split('\n'));
    }

    [TestMethod]
    public async Task Status_is_followed_to_the_end()
    {
        await using var app = await Start(Traced);
        await using var status = TestApp.Start(new ProcessStartInfo(Tool.Path, ["status", $"{app.Id}", "--follow", "--json"]));
        await status.FirstLine;
        await app.Stop();
        var ended = await status.End();
        Assert.AreEqual((0, ""), (ended.ExitCode, ended.Error));
        Assert.AreEqual("Kiosk", (string?)JsonNode.Parse(ended.Output.Split('\n')[0])!["process"]!["name"]);
    }

    [TestMethod]
    public async Task A_process_without_the_agent()
    {
        await using var app = await Start([]);
        var answer = await Tool.Check([], $"{app.Id}");
        CollectionAssert.Contains(answer.Reasons, "hook-not-set");
        Assert.AreEqual("DOTNET_STARTUP_HOOKS is not set in the environment that it was started with.", (string?)answer.Finding("hook-not-set")["sentence"]);
        StringAssert.StartsWith(answer.Remedy("hook-not-set"), $"Trace it as it runs with `agent attach {app.Id}`; for good, start it again with `agent run -- dotnet {Places.TestApp("Kiosk")}`");
        var status = await Tool.Run("status", $"{app.Id}");
        Assert.AreEqual(new EndedApp(1, "", $"agent: Kiosk (process {app.Id}) is not traced; agent check {app.Id} says why.\n"), status);

        await app.Stop();
        await using var again = TestApp.Start(new ProcessStartInfo(Tool.Path, ["run", "--otlp", _collector.HttpEndpoint.ToString(), "--", "dotnet", Places.TestApp("Kiosk"), "--urls", "http://127.0.0.1:0"]));
        await again.Listening;
        Assert.IsTrue((await Tool.Check([], $"{again.Id}")).IsFine);
    }

    /// <summary>The environment that it was started with says nothing of all this, and where traces go was told to attach alone.</summary>
    [TestMethod]
    public async Task A_process_that_was_attached_to_and_detached_from()
    {
        await using var app = await Start([]);
        string[] attach = ["attach", $"{app.Id}", "--otlp", _collector.HttpEndpoint.ToString()];
        await Tool.Do(attach);
        var answer = await Tool.Check([], $"{app.Id}");
        Assert.IsTrue(answer is { IsTraced: true, IsFine: true }, answer.Document.ToString());
        CollectionAssert.AreEqual(new[] { "hook-not-set" }, answer.Reasons);
        StringAssert.EndsWith((string?)answer.Finding("hook-not-set")["sentence"], "the agent was attached while it ran, and will not be there after a restart.");
        StringAssert.Matches((await Tool.Run("status", $"{app.Id}")).Output, new("^  attach  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ", System.Text.RegularExpressions.RegexOptions.Multiline));

        await Tool.Do("detach", $"{app.Id}");
        answer = await Tool.Check([], $"{app.Id}");
        Assert.IsFalse(answer.IsTraced);
        Assert.AreEqual("blocks", (string?)answer.Finding("detached")["gravity"]);
        Assert.AreEqual($"Trace it again with `agent attach {app.Id}`.", answer.Remedy("detached"));
        var status = await Tool.Run("status", $"{app.Id}");
        Assert.AreEqual((1, ""), (status.ExitCode, status.Error));
        StringAssert.Matches(status.Output, new($@"^Kiosk .*\nThe agent was detached: this process is not traced any more\. agent attach {app.Id} begins again\.\n(.*\n)*  0 methods patched"));
        StringAssert.Matches((await Tool.Run("check")).Output, new($@"\n{app.Id} +[\d.]+ +detached +Kiosk"));

        await Tool.Do(attach);
        Assert.IsTrue((await Tool.Check([], $"{app.Id}")).IsFine);
        Assert.AreEqual(0, (await Tool.Run("status", $"{app.Id}")).ExitCode);
    }

    /// <summary>Where there is no diagnostics port to ask, the file tells, if one was named.</summary>
    [TestMethod]
    public async Task Without_diagnostics()
    {
        var folder = Directory.CreateTempSubdirectory("agent-status").FullName;
        using var written = new FileSystemWatcher(folder);
        var isWritten = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        written.Renamed += (_, _) => isWritten.TrySetResult();
        written.EnableRaisingEvents = true;
        await using (var app = await Start([.. Traced, ("DOTNET_EnableDiagnostics", "0"), ("AGENT_STATUS_FILE", Path.Combine(folder, "status-{pid}.json"))]))
        {
            await isWritten.Task.WaitAsync(TimeSpan.FromSeconds(60));
            var answer = await Tool.Check([], $"{app.Id}");
            CollectionAssert.AreEqual(new[] { "diagnostics-off" }, answer.Reasons, answer.Document.ToString());
            Assert.IsTrue(answer.IsTraced);
            StringAssert.StartsWith((string?)answer.Document["status"]!["patches"]!["engine"], "Only the framework's own spans, because ");
        }
        Directory.Delete(folder, recursive: true);

        await using var silent = await Start([.. Traced, ("DOTNET_EnableDiagnostics", "0")]);
        CollectionAssert.AreEqual(new[] { "diagnostics-off", "no-status" }, (await Tool.Check([], $"{silent.Id}")).Reasons);
        var status = await Tool.Run("status", $"{silent.Id}");
        Assert.AreEqual(1, status.ExitCode);
        StringAssert.Contains(status.Error, "does not say what its agent does: it has no diagnostics socket");
    }

    [TestMethod]
    public async Task Spans_that_were_lost()
    {
        await using var app = await Start([.. Traced, ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{TestApp.FreePort()}"), ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "none")]);
        await Ask(app, "/papers/Echo");
        await app.Told("spans cannot be sent");
        var answer = await Tool.Check([], $"{app.Id}");
        CollectionAssert.AreEqual(new[] { "collector-unreachable", "spans-lost" }, answer.Reasons);
        StringAssert.Contains((string?)answer.Finding("spans-lost")["sentence"], "because an export failed (last: HttpRequestException: Connection refused), 0 because the queue was full.");
    }

    [TestMethod]
    public async Task The_processes_that_run()
    {
        await using var traced = await Start(Traced);
        await using var other = await Start([]);
        var answer = await Tool.Check(Traced);
        Assert.IsTrue(answer.IsFine, answer.Document.ToString());
        var processes = answer.Document["processes"]!.AsArray().ToDictionary(process => (int)process!["id"]!, process => $"{process!["name"]} {process["traced"]} {process["runtime"]}");
        Assert.AreEqual($"Kiosk yes {Environment.Version}", processes[traced.Id]);
        Assert.AreEqual($"Kiosk no {Environment.Version}", processes[other.Id]);
        var page = await Tool.Run(Traced, "check");
        StringAssert.Matches(page.Output, new($@"^An app started in this environment will be traced\.\n(.*\n)*{traced.Id} +[\d.]+ +yes +Kiosk"));
    }

    [TestMethod]
    public async Task What_cannot_be_looked_at()
    {
        Assert.AreEqual(new EndedApp(1, "", "agent: There is no process 2147483647.\n"), await Tool.Run("check", "2147483647"));
        Assert.AreEqual(new EndedApp(1, "", "agent: There is no process 2147483647.\n"), await Tool.Run("status", "2147483647"));
        await using var shell = TestApp.Start(new ProcessStartInfo("sh", ["-c", "echo here; read line"]) { RedirectStandardInput = true });
        await shell.FirstLine;
        Assert.AreEqual(new EndedApp(1, "", $"agent: Process {shell.Id} (sh) does not run .NET.\n"), await Tool.Run("check", $"{shell.Id}"));
    }

    /// <summary>What the agent says when it starts is what check tells afterwards; the remedy of each is the whole folder.</summary>
    [TestMethod]
    [DataRow("native/{0}/libagent_rejit.so", "tracing Kiosk (Production)", "not-patched", true)]
    [DataRow("net10.0/{0}/Agent.dll", "not tracing this process: ", "agent-not-running", false)]
    public async Task An_agent_with_a_damaged_file(string file, string said, string reason, bool isTraced)
    {
        var folder = Directory.CreateTempSubdirectory("agent-damaged").FullName;
        Process.Start("cp", ["-r", Places.Agent, folder]).WaitForExit();
        var path = Path.Combine(folder, "agent", file.Replace("{0}", Places.System, StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, bytes[..(bytes.Length / 2)]);
        (string, string?)[] environment = [.. Traced, ("DOTNET_STARTUP_HOOKS", Path.Combine(folder, "agent", "Agent.StartupHook.dll"))];
        await using (var app = await Start(environment))
        {
            await app.Told(said);
            var answer = await Tool.Check([], $"{app.Id}");
            CollectionAssert.AreEqual(new[] { reason }, answer.Reasons, answer.Document.ToString());
            Assert.AreEqual(isTraced, answer.IsTraced);
            Assert.IsNotNull(answer.Remedy(reason));
        }

        await File.WriteAllBytesAsync(path, bytes);
        await using (var app = await Start(environment))
        {
            await app.Told("tracing Kiosk");
            Assert.IsTrue((await Tool.Check([], $"{app.Id}")).IsFine);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>As in a container: another /dev/shm, where the socket is, and another number for itself.</summary>
    [TestMethod]
    public async Task A_process_in_another_container()
    {
        const string enter = "mount -t tmpfs none /dev/shm && exec \"$@\"";
        if (Environment.UserName != "root")
            Assert.Inconclusive("only root can make a container");
        await using var app = TestApp.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", enter, "sh", "dotnet", Places.TestApp("Kiosk"), "--urls", "http://127.0.0.1:0"]), [.. Traced, ("TMPDIR", "/dev/shm")]);
        await app.Listening;
        var answer = await Tool.Check([], $"{app.Id}");
        Assert.IsTrue(answer.IsFine, answer.Document.ToString());
        Assert.AreEqual(Places.TestApp("Kiosk"), (string?)answer.Document["app"]);
        Assert.IsNotNull(answer.Document["status"]);
    }

    /// <summary>As root, who can be another user.</summary>
    [TestMethod]
    public async Task A_process_of_another_user()
    {
        if (Environment.UserName != "root" || !File.Exists("/usr/bin/setpriv"))
            Assert.Inconclusive("only root can be somebody else, with setpriv");
        var folder = Directory.CreateTempSubdirectory("agent-other-user").FullName;
        Process.Start("cp", ["-r", Places.Agent, folder]).WaitForExit();
        Process.Start("chmod", ["-R", "a+rX", folder]).WaitForExit();
        await using (var app = await Start(Traced))
        {
            foreach (var (command, said) in ((string, string)[])
                [("check", "the same user or root may look at it"), ("status", "the same user or root may look at it"), ("attach", "it can be attached to as that user or as root"), ("detach", "it can be attached to as that user or as root")])
            {
                await using var tool = TestApp.Start(new ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(folder, "agent", "agent"), command, $"{app.Id}"]));
                Assert.AreEqual(new EndedApp(1, "", $"agent: Process {app.Id} belongs to another user; {said}.\n"), await tool.End(), command);
            }
            Assert.IsTrue((await Tool.Check([], $"{app.Id}")).IsFine);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Completes when the spans of so many requests have arrived; all that such a request does has ended then.</summary>
    static Task Requests(OtlpReceiver collector, int count)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        collector.Received += _ =>
        {
            if (collector.Spans.Count(static span => span.ScopeName == "Microsoft.AspNetCore") >= count)
                arrived.TrySetResult();
        };
        return arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    static async Task<TestApp> Start((string, string?)[] environment)
    {
        var app = TestApp.Start("Kiosk", ["--urls", "http://127.0.0.1:0"], environment);
        await app.Listening;
        return app;
    }

    static async Task Ask(TestApp app, string path)
    {
        using var client = new HttpClient { BaseAddress = await app.Listening };
        await client.GetStringAsync(new Uri(path, UriKind.Relative));
    }
}
