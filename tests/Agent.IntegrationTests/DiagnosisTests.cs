using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Agent.IntegrationTests;

/// <summary>What the agent tells about itself: lines, log files, and the status as JSON.</summary>
[TestClass]
public sealed class DiagnosisTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-diagnosis").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Status_at_the_end()
    {
        await using var collector = RequestCollector.Start();
        await File.WriteAllTextAsync(Path.Combine(_folder, "agent.json"), """{ "OTEL_SERVICE_NAME": "parcels", "OTEL_BSP_SCHEDULE_DELAY": 0 }""");
        var ended = await Sort(collector.Address, ("AGENT_CONFIG_FILE", Path.Combine(_folder, "agent.json")), ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=s3cret"), ("OTEL_LOG_LEVEL", "debug"));
        var status = StatusIn(ended);
        Assert.IsFalse(ended.Error.Contains("s3cret", StringComparison.Ordinal));

        Assert.AreEqual(("0.1.0", "Courier", "Production"), ((string?)status["agent"], (string?)status["process"]!["name"], (string?)status["process"]!["environment"]));
        var settings = status["settings"]!.AsArray().ToDictionary(setting => (string)setting!["name"]!, setting => $"{setting!["value"]} ({setting["origin"]})");
        Assert.AreEqual("parcels (file)", settings["OTEL_SERVICE_NAME"]);
        Assert.AreEqual("5000 (default)", settings["OTEL_BSP_SCHEDULE_DELAY"]);
        Assert.AreEqual("debug (environment)", settings["OTEL_LOG_LEVEL"]);
        Assert.AreEqual("(hidden) (environment)", settings["OTEL_EXPORTER_OTLP_HEADERS"]);
        CollectionAssert.AreEqual(
            new[]
            {
                "OTEL_BSP_SCHEDULE_DELAY=0 is not accepted (a whole number of milliseconds, at least 1); using 5000.",
                $"tracing Courier (Production), traces go to {collector.Address}/v1/traces (http/protobuf).",
            }, Texts(status["said"]));
        Assert.AreEqual("attached", (string?)status["patches"]!["engine"]);
        CollectionAssert.Contains(status["patches"]!["installed"]!.AsArray().Select(patch => (string?)patch!["method"]).ToList(), "System.ComponentModel.Component..ctor");
        CollectionAssert.Contains(Texts(status["sources"]!["listened"]), "System.Net.Http");
        CollectionAssert.Contains(Texts(status["sources"]!["unheard"]), "Experimental.System.Net.NameResolution");
        Assert.Contains("nobody listens to these activity sources; OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES=", ended.Error);
        Assert.AreEqual("""{"(none)":1,"Courier":1}""", status["sources"]!["heard"]!.ToJsonString());
        Assert.AreEqual(Counts("otlp", produced: 2, exported: 2, dropped: 0), Counts(status));
        Assert.IsNull(status["exporters"]![0]!["lastError"]);
    }

    [TestMethod]
    public async Task Some_requests_fail()
    {
        await using var collector = RequestCollector.Start();
        collector.Answer = number => number == 0 ? 200 : 503;
        var status = StatusIn(await Sort(collector.Address, ("OTEL_LOG_LEVEL", "debug"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1"), ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "none")));
        Assert.HasCount(2, collector.Requests);
        Assert.AreEqual(Counts("otlp", produced: 2, exported: 1, dropped: 1), Counts(status));
        Assert.AreEqual(1, (int)status["exporters"]![0]!["droppedBecause"]!["exportFailed"]!);
        Assert.AreEqual("HTTP status 503 Service Unavailable", (string?)status["exporters"]![0]!["lastError"]!["message"]);
    }

    [TestMethod]
    public async Task Requests_fail_over_grpc()
    {
        await using var collector = RequestCollector.Start(HttpProtocols.Http2);
        collector.Answer = static _ => 7;
        var status = StatusIn(await Sort(collector.Address, ("OTEL_LOG_LEVEL", "debug"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")));
        Assert.AreEqual(Counts("otlp", produced: 2, exported: 0, dropped: 2), Counts(status));
        Assert.AreEqual("gRPC status 7", (string?)status["exporters"]![0]!["lastError"]!["message"]);
    }

    [TestMethod]
    [DataRow("http/protobuf", HttpProtocols.Http1, 503)]
    [DataRow("grpc", HttpProtocols.Http2, 14)]
    public async Task Requests_are_tried_again(string protocol, HttpProtocols http, int unavailable)
    {
        await using var collector = RequestCollector.Start(http);
        collector.Answer = number => number == 0 ? unavailable : 200;
        var status = StatusIn(await Sort(collector.Address, ("OTEL_LOG_LEVEL", "debug"), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)));
        Assert.HasCount(2, collector.Requests);
        CollectionAssert.AreEqual(collector.Requests[0].Body, collector.Requests[1].Body);
        Assert.AreEqual(Counts("otlp", produced: 2, exported: 2, dropped: 0), Counts(status));
        StringAssert.Contains((string?)status["exporters"]![0]!["lastError"]!["message"], $" status {unavailable}", "it was once");
    }

    [TestMethod]
    public async Task Requests_are_kept_on_disk_where_that_is_asked_for()
    {
        await using var collector = RequestCollector.Start();
        collector.Answer = static _ => 503;
        await Sort(collector.Address, ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "disk"), ("OTEL_DOTNET_EXPERIMENTAL_OTLP_DISK_RETRY_DIRECTORY_PATH", _folder));
        Assert.HasCount(1, Directory.GetFiles(_folder, "*.blob", SearchOption.AllDirectories));
    }

    [TestMethod]
    public async Task Nobody_is_there()
    {
        var status = StatusIn(await Sort($"http://127.0.0.1:{TestApp.FreePort()}", ("OTEL_LOG_LEVEL", "debug")));
        Assert.AreEqual(Counts("otlp", produced: 2, exported: 0, dropped: 2), Counts(status));
        Assert.AreEqual("HttpRequestException: Connection refused", (string?)status["exporters"]![0]!["lastError"]!["message"]);
    }

    [TestMethod]
    public async Task What_was_exported_has_arrived()
    {
        await using var shop = await TracedApp.Start("Storefront", ("OTEL_LOG_LEVEL", "debug"), ("OTEL_TRACES_EXPORTER", "otlp"));
        await Storefront.Get(shop.Client, "/");
        var (traces, ended) = await shop.Stop();
        var arrived = traces.Concat(shop.StartTraces).Concat(shop.StopTraces).Sum(trace => trace.Nodes.Count);
        var status = StatusIn(ended);
        Assert.AreEqual(Counts("otlp", arrived, arrived, dropped: 0), Counts(status));
        Assert.AreEqual(arrived, status["sources"]!["heard"]!.AsObject().Sum(source => (int)source.Value!));
        Assert.IsGreaterThan(10, status["patches"]!["installed"]!.AsArray().Count);
    }

    [TestMethod]
    public async Task Methods_cannot_be_patched()
    {
        var status = StatusIn(await Sort("http://127.0.0.1:9", ("OTEL_LOG_LEVEL", "debug"), ("DOTNET_EnableDiagnostics", "0"), ("OTEL_TRACES_EXPORTER", "none")));
        StringAssert.StartsWith((string?)status["patches"]!["engine"], "Only the framework's own spans, because ");
        Assert.IsEmpty(status["patches"]!["installed"]!.AsArray());
        Assert.IsEmpty(status["exporters"]!.AsArray());
    }

    [TestMethod]
    public async Task Status_of_a_running_process()
    {
        using var changed = new FileSystemWatcher(_folder);
        await using var shop = await TracedApp.Start("Storefront", ("AGENT_STATUS_FILE", Path.Combine(_folder, "status-{pid}.json")), ("OTEL_BSP_SCHEDULE_DELAY", "100"));
        await Storefront.Get(shop.Client, "/ping");
        var isThere = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(string path)
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is { } status && status["sources"]!["heard"]!["Microsoft.AspNetCore"] is not null && (int)status["exporters"]![0]!["waiting"]! == 0)
                isThere.TrySetResult(status);
        }
        changed.Renamed += (_, file) => Look(file.FullPath);
        changed.EnableRaisingEvents = true;
        foreach (var path in Directory.GetFiles(_folder, "status-*.json"))
            Look(path);
        var running = await isThere.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.AreEqual((int)running["exporters"]![0]!["produced"]!, (int)running["exporters"]![0]!["exported"]!);
        Assert.IsFalse(running["said"]!.AsArray().Count == 0);

        await Storefront.Get(shop.Client, "/ping");
        var (_, ended) = await shop.Stop();
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        var last = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, $"status-{running["process"]!["id"]}.json")))!;
        Assert.AreEqual((int)running["sources"]!["heard"]!["Microsoft.AspNetCore"]! + 1, (int)last["sources"]!["heard"]!["Microsoft.AspNetCore"]!);
        Assert.AreEqual((int)last["exporters"]![0]!["produced"]!, (int)last["exporters"]![0]!["exported"]!);
    }

    [TestMethod]
    public async Task Status_file_that_cannot_be_written()
    {
        var ended = await Sort("http://127.0.0.1:9", ("AGENT_STATUS_FILE", Path.Combine(_folder, "missing", "status.json")), ("OTEL_TRACES_EXPORTER", "none"));
        Assert.AreEqual((7, "sorted"), (ended.ExitCode, ended.Output));
        var lines = ended.Error.Trim().Split('\n');
        Assert.HasCount(2, lines, ended.Error);
        StringAssert.StartsWith(lines[1], $"Agent 0.1.0: the status cannot be written to {_folder}/missing/status.json (DirectoryNotFoundException: ");
    }

    [TestMethod]
    public async Task Log_in_a_folder()
    {
        var folder = Path.Combine(_folder, "logs");
        var ended = await Sort("http://127.0.0.1:9", ("OTEL_DOTNET_AUTO_LOG_DIRECTORY", folder), ("OTEL_TRACES_EXPORTER", "none"), ("AGENT_MIDDLEWARE", "some"));
        Assert.AreEqual((7, "sorted", ""), (ended.ExitCode, ended.Output, ended.Error));
        var file = Directory.GetFiles(folder).Single();
        StringAssert.StartsWith(Path.GetFileName(file), "agent-Courier-");
        var lines = await File.ReadAllLinesAsync(file);
        Assert.HasCount(2, lines);
        StringAssert.EndsWith(lines[0], "Z warn Agent 0.1.0: AGENT_MIDDLEWARE=some is not accepted (one of app, all, none); using app.");
        StringAssert.EndsWith(lines[1], "Z info Agent 0.1.0: tracing Courier (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none).");
    }

    [TestMethod]
    public async Task Log_folder_that_cannot_be_written()
    {
        var file = Path.Combine(_folder, "a file");
        await File.WriteAllTextAsync(file, "");
        var ended = await Sort("http://127.0.0.1:9", ("OTEL_DOTNET_AUTO_LOG_DIRECTORY", file), ("OTEL_TRACES_EXPORTER", "none"));
        Assert.AreEqual((7, "sorted"), (ended.ExitCode, ended.Output));
        var lines = ended.Error.Trim().Split('\n');
        Assert.HasCount(2, lines, ended.Error);
        StringAssert.StartsWith(lines[0], $"Agent 0.1.0: OTEL_DOTNET_AUTO_LOG_DIRECTORY={file} is not accepted (");
        StringAssert.EndsWith(lines[0], "); using stderr.");
    }

    [TestMethod]
    [DataRow("none", "")]
    [DataRow("console", "Agent 0.1.0: tracing Courier (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none).\n")]
    public async Task Logger_is_chosen(string logger, string expected)
    {
        var ended = await Sort("http://127.0.0.1:9", ("OTEL_DOTNET_AUTO_LOGGER", logger), ("OTEL_DOTNET_AUTO_LOG_DIRECTORY", _folder), ("OTEL_TRACES_EXPORTER", "none"));
        Assert.AreEqual((7, "sorted", expected), (ended.ExitCode, ended.Output, ended.Error));
        Assert.IsEmpty(Directory.GetFiles(_folder));
    }

    static async Task<EndedApp> Sort(string endpoint, params (string, string?)[] environment)
    {
        await using var app = TestApp.Start("Courier", ["sort"],
        [
            ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint), ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES", "Courier"),
            ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_LEGACY_SOURCES", "Courier.Weigh"), .. environment,
        ]);
        return await app.End();
    }

    /// <summary>The last line in debug.</summary>
    static JsonNode StatusIn(EndedApp ended)
    {
        const string before = "Agent 0.1.0: status ";
        var last = ended.Error.Trim().Split('\n')[^1];
        StringAssert.StartsWith(last, before, ended.Error);
        return JsonNode.Parse(last[before.Length..])!;
    }

    static string[] Texts(JsonNode? list) => [.. list!.AsArray().Select(item => (string)item!)];

    static string Counts(string name, int produced, int exported, int dropped) => $"{name}: {produced} = {exported} + {dropped}, 0 waiting";

    static string Counts(JsonNode status)
    {
        var exporter = status["exporters"]!.AsArray().Single()!;
        return $"{exporter["name"]}: {exporter["produced"]} = {exporter["exported"]} + {exporter["dropped"]}, {exporter["waiting"]} waiting";
    }
}
