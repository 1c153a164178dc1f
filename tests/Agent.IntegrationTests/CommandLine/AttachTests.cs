using System.Diagnostics;
using System.Net;
using Trace = Agent.Viewer.Trace;

namespace Agent.IntegrationTests.CommandLine;

/// <summary>`agent attach` and `agent detach`: tracing on and off in an app that runs.</summary>
[TestClass]
public sealed class AttachTests
{
    [TestMethod]
    public async Task An_app_that_runs_is_traced_as_if_it_had_been_from_its_start_until_it_is_detached_and_again()
    {
        await using var shop = await TracedApp.StartUntraced("Storefront");
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/"));

        var said = await Tool.Do("attach", $"{shop.Id}");
        StringAssert.StartsWith(said, $"Storefront ({shop.Id}) is traced from now on; traces go to {shop.Collector}");
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/"));
        Assert.AreEqual($"Storefront ({shop.Id}) is not traced any more.", await Tool.Do("detach", $"{shop.Id}"));
        Snapshot.Matches(shop.TracesSoFar, file: nameof(StorefrontTests), test: nameof(StorefrontTests.Page)); // detaching has sent everything

        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/Products/1"));
        await Tool.Do("attach", $"{shop.Id}");
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/"));
        var (traces, ended) = await shop.Stop();
        Assert.AreEqual(0, ended.ExitCode);
        Assert.HasCount(2, traces);
        Snapshot.Matches([traces[1]], file: nameof(StorefrontTests), test: nameof(StorefrontTests.Page));
    }

    [TestMethod]
    [TestCategory("OnWindows")]
    public async Task Filters_of_endpoints_that_were_built_before()
    {
        await using var parcels = await TracedApp.StartUntraced("Parcels");
        var id = await Tool.IdOf(parcels, "Parcels");
        (await parcels.Client.GetAsync(new Uri("/depot/Ulm", UriKind.Relative))).Dispose();
        StringAssert.StartsWith(await Tool.Do("attach", $"{id}"), $"Parcels ({id}) is traced from now on; ");
        (await parcels.Client.GetAsync(new Uri("/depot/Ulm", UriKind.Relative))).Dispose();
        StringAssert.StartsWith((await Tool.Run("status", $"{id}")).Output, $"Parcels (process {id}), .NET ");
        Assert.AreEqual($"Parcels ({id}) is not traced any more.", await Tool.Do("detach", $"{id}"));
        Snapshot.Matches(parcels.TracesSoFar, file: nameof(ParcelsTests), test: nameof(ParcelsTests.Endpoint_filters));
    }

    [TestMethod]
    public async Task An_agent_that_was_there_from_the_start_can_be_detached_and_attached_again()
    {
        await using var shop = await TracedApp.Start("Storefront", ("DOTNET_STARTUP_HOOKS", Places.Hook));
        await Tool.Do("detach", $"{shop.Id}");
        var before = shop.TracesSoFar.Count;
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/Products/1"));
        await Tool.Do("attach", $"{shop.Id}");
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/"));
        await Tool.Do("detach", $"{shop.Id}");
        Snapshot.Matches(shop.TracesSoFar.Skip(before), file: nameof(StorefrontTests), test: nameof(StorefrontTests.Page));
    }

    [TestMethod]
    public async Task Detaches_by_itself_after_a_time_and_samples_as_it_is_told()
    {
        await using var shop = await TracedApp.StartUntraced("Storefront");
        StringAssert.Contains(await Tool.Do("attach", $"{shop.Id}", "--sample", "0%", "--for", "0.1s"), "for 0.1 s");
        await shop.Told("detached: this process is not traced any more.");
        Assert.AreEqual((1, $"agent: Storefront ({shop.Id}) is not traced.\n"), Wrong(await Tool.Run("detach", $"{shop.Id}")));

        await Tool.Do("attach", $"{shop.Id}", "--sample", "0");
        Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/"));
        await Tool.Do("detach", $"{shop.Id}");
        Assert.IsEmpty(shop.TracesSoFar);
    }

    [TestMethod]
    public async Task An_OpenTelemetry_of_the_apps_gets_the_spans_and_goes_on_after_a_detach()
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var app = TestApp.Start("Observatory", ["--urls", "http://127.0.0.1:0", $"--Telemetry:Endpoint={collector.HttpEndpoint}"]);
        using var client = new HttpClient();
        var address = new Uri(await app.Listening, "/");
        (await client.GetAsync(address)).Dispose();
        StringAssert.EndsWith(await Tool.Do("attach", $"{app.Id}"), "traces go where the app's own OpenTelemetry sends them.");
        (await client.GetAsync(address)).Dispose();
        await Tool.Do("detach", $"{app.Id}");
        (await client.GetAsync(address)).Dispose();
        await app.Stop();
        var requests = Trace.Group(collector.Spans).Where(static trace => trace.Roots[0].Span.Kind == Viewer.SpanKind.Server).ToList();
        CollectionAssert.AreEqual(new[] { false, true, false }, requests.ConvertAll(static trace => trace.Nodes.Any(static node => node.Span.ScopeName == "Agent.AspNetCore")));
    }

    [TestMethod]
    public async Task What_cannot_be_is_a_sentence()
    {
        await using var shop = await TracedApp.StartUntraced("Storefront", ("AGENT_ENVIRONMENTS", "Preview"));
        var name = $"Storefront ({shop.Id})";
        await Refused($"{name} stays as it is: not tracing this process: the environment Production is not in AGENT_ENVIRONMENTS=Preview.", "attach", $"{shop.Id}");
        await Refused($"{name} is not traced: the agent is not there.", "detach", $"{shop.Id}");

        await using var other = await TracedApp.StartUntraced("Storefront", ("DOTNET_EnableDiagnostics", "0"));
        await Refused($"Storefront ({other.Id}) cannot be attached to: the runtime's diagnostics are switched off there (DOTNET_EnableDiagnostics=0).", "attach", $"{other.Id}");

        await using var plain = TestApp.Start(new ProcessStartInfo("sleep", ["600"]));
        await Refused($"sleep ({plain.Id}) is not a .NET process.", "attach", $"{plain.Id}");
        await plain.Kill();
        await Refused($"There is no process {plain.Id}.", "detach", $"{plain.Id}");
        Assert.AreEqual(2, (await Tool.Run("attach", "7", "--for", "soon")).ExitCode);
        Assert.AreEqual(2, (await Tool.Run("attach", "7", "--sample", "2")).ExitCode);
        Assert.AreEqual(2, (await Tool.Run("attach")).ExitCode);
    }

    /// <summary>No such runtime is here, so something else serves the port of one: it is asked what it is, and nothing more.</summary>
    [TestMethod]
    public async Task A_runtime_that_is_too_old()
    {
        var folder = Directory.CreateTempSubdirectory("agent-test-").FullName;
        await using (var process = TestApp.Start(new ProcessStartInfo("sleep", ["600"]), ("TMPDIR", folder)))
        {
            using var port = new FakeDiagnosticsPort(folder, process.Id, architecture: "x64", app: "Shop", runtime: "9.0.11");
            await Refused($"Shop ({process.Id}) stays as it is: it runs on .NET 9.0.11, the agent needs .NET 10 or later.", "attach", $"{process.Id}");
            await Refused($"Shop ({process.Id}) is not traced: the agent is not there.", "detach", $"{process.Id}");
            CollectionAssert.AreEqual(new[] { FakeDiagnosticsPort.GetProcessInfo2, FakeDiagnosticsPort.GetProcessInfo2 }, port.Commands);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The runtime would load it, and a library that is cut off can end a process.</summary>
    [TestMethod]
    public async Task A_damaged_library_is_not_loaded()
    {
        var folder = Directory.CreateTempSubdirectory("agent-test-").FullName;
        Process.Start("cp", ["-r", Places.Agent, folder]).WaitForExit();
        var library = Path.Combine(folder, "agent", "native", Places.System, "libagent_rejit.so");
        await using (var file = File.OpenWrite(library))
            file.SetLength(file.Length / 2);
        await using (var shop = await TracedApp.StartUntraced("Storefront"))
        {
            await using var tool = TestApp.Start(new ProcessStartInfo(Path.Combine(folder, "agent", "agent"), ["attach", $"{shop.Id}"]));
            var ended = await tool.End();
            Assert.AreEqual(1, ended.ExitCode);
            StringAssert.StartsWith(ended.Error, $"agent: Storefront ({shop.Id}) stays as it is: {library} ");
            Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(shop.Client, "/"));
        }
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    public async Task Another_profiler_stays_and_nothing_is_touched()
    {
        // Any library with the entry points of a profiler will do: a copy of the agent's own.
        var folder = Directory.CreateTempSubdirectory("agent-test-");
        try
        {
            var copy = Path.Combine(folder.FullName, "libother.so");
            File.Copy(Path.Combine(Places.Agent, "native", Places.System, "libagent_rejit.so"), copy);
            await using var shop = await TracedApp.StartUntraced("Storefront", ("CORECLR_ENABLE_PROFILING", "1"), ("CORECLR_PROFILER", "{544E4741-4A52-5449-9A6B-022611235E01}"), ("CORECLR_PROFILER_PATH", copy));
            await Refused($"Storefront ({shop.Id}) stays as it is: another profiler is attached to it, and the runtime has room for one.", "attach", $"{shop.Id}");
            Assert.DoesNotContain("Agent.StartupHook.dll", await File.ReadAllTextAsync($"/proc/{shop.Id}/maps"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public async Task Traced_already()
    {
        await using var shop = await TracedApp.Start("Storefront", ("DOTNET_STARTUP_HOOKS", Places.Hook));
        await Refused($"Storefront ({shop.Id}) is traced already.", "attach", $"{shop.Id}");
    }

    [TestMethod]
    public async Task Over_and_over_under_load_no_response_changes_and_nothing_is_left()
    {
        const int rounds = 12;
        // A pool of few threads: on a busy machine it would grow by itself.
        await using var shop = await TracedApp.StartUntraced("Storefront", ("DOTNET_GCHeapHardLimit", "0x8000000"), ("DOTNET_ThreadPool_ForceMaxWorkerThreads", "8"));
        var expected = await shop.Client.GetStringAsync(new Uri("/Products/1", UriKind.Relative));
        using var end = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; !end.IsCancellationRequested; count++)
                Assert.AreEqual(expected, await shop.Client.GetStringAsync(new Uri("/Products/1", UriKind.Relative)));
            return count;
        })).ToArray();
        (int Files, int Threads, int Kilobytes) early = default, late = default;
        for (var round = 1; round <= rounds; round++)
        {
            await Tool.Do("attach", $"{shop.Id}");
            var before = shop.TracesSoFar.Count;
            await shop.Client.GetStringAsync(new Uri("/Products/1", UriKind.Relative));
            await Tool.Do("detach", $"{shop.Id}");
            Assert.IsGreaterThan(before, shop.TracesSoFar.Count, $"round {round}");
            if (round == 3)
                early = Held(shop.Id);
        }
        late = Held(shop.Id);
        await end.CancelAsync();
        Assert.IsGreaterThan(rounds, (await Task.WhenAll(clients)).Sum());
        Assert.IsLessThan(6, late.Files - early.Files, "open files"); // connections come and go
        Assert.IsLessThan(rounds - 3, late.Threads - early.Threads, "threads: one for each round is what would be left");
        Assert.IsLessThan(5000 * (rounds - 3), late.Kilobytes - early.Kilobytes, "memory"); // what the runtime has compiled anew is never given back

        foreach (var trace in shop.TracesSoFar)
            Assert.HasCount(1, trace.Roots, string.Join("\n", trace.Nodes.Select(static node => $"{node.Span.Name} {node.Span.StartUnixNano / 1000 % 100000000} +{(node.Span.EndUnixNano - node.Span.StartUnixNano) / 1000} {node.Span.ParentSpanId} {node.Span.SpanId} {string.Join(' ', node.Span.Attributes.Select(static a => a.Key + "=" + a.Value))}")));
        Assert.AreEqual(0, (await shop.Stop()).App.ExitCode);
    }

    /// <summary>Without tiered compilation a request allocates the same every time, but for a few bytes; one span of the agent's takes more than what is let through here.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task After_a_detach_requests_allocate_what_they_do_without_the_agent(bool isThereFromStart)
    {
        (string, string?) always = ("DOTNET_TieredCompilation", "0");
        await using var untraced = await TracedApp.StartUntraced("Storefront", always);
        await using var started = isThereFromStart ? await TracedApp.Start("Storefront", ("DOTNET_STARTUP_HOOKS", Places.Hook), always) : null;
        var shop = started ?? untraced;
        var without = await BytesPerRequest(untraced);
        if (!isThereFromStart)
            await Tool.Do("attach", $"{shop.Id}");
        var traced = await BytesPerRequest(shop);
        await Tool.Do("detach", $"{shop.Id}");
        Assert.AreEqual(without, await BytesPerRequest(shop), 150);
        Assert.IsGreaterThan(without + 1000, traced);
    }

    /// <summary>The least of several looks: where a machine is busy, what is read in pieces or waits for a thread allocates more.</summary>
    static async Task<double> BytesPerRequest(TracedApp app)
    {
        const int warmUp = 300, looks = 10, requests = 30;
        async Task Ask(int count)
        {
            for (var i = 0; i < count; i++)
                Assert.AreEqual(HttpStatusCode.OK, await Storefront.Get(app.Client, "/"));
        }
        async Task<long> Allocated() => long.Parse(await app.Client.GetStringAsync(new Uri("/allocated", UriKind.Relative)), System.Globalization.CultureInfo.InvariantCulture);
        await Ask(warmUp);
        await Allocated();
        var least = double.MaxValue;
        for (var look = 0; look < looks; look++)
        {
            var before = await Allocated();
            await Ask(requests);
            least = Math.Min(least, (await Allocated() - before) / (double)requests);
        }
        return least;
    }

    static (int Files, int Threads, int Kilobytes) Held(int process)
    {
        var memory = File.ReadAllLines($"/proc/{process}/status").Single(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return (Directory.GetFiles($"/proc/{process}/fd").Length, Directory.GetDirectories($"/proc/{process}/task").Length, int.Parse(memory.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture));
    }

    static (int ExitCode, string Error) Wrong(EndedApp ended) => (ended.ExitCode, ended.Error);

    static async Task Refused(string sentence, params string[] args) => Assert.AreEqual((1, $"agent: {sentence}\n"), Wrong(await Tool.Run(args)), string.Join(' ', args));
}
