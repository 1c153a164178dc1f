using System.Diagnostics;
using System.Text.Json.Nodes;
using Agent.Viewer;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Agent.IntegrationTests.CommandLine;

/// <summary>`agent check`: each reason is made, is found, and its remedy applied; then all is well.</summary>
[TestClass]
[TestCategory("OnNet10")]
public sealed class CheckTests
{
    static OtlpReceiver _collector = null!;

    readonly string _folder = Directory.CreateTempSubdirectory("agent-check").FullName;

    static (string, string?)[] Traced => [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.HttpEndpoint.ToString())];

    static string App => Places.TestApp("Kiosk");

    [ClassInitialize]
    public static async Task StartCollector(TestContext _) => _collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });

    [ClassCleanup]
    public static async Task StopCollector() => await _collector.DisposeAsync();

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task All_is_well()
    {
        foreach (var path in (string[])[App, Path.GetDirectoryName(App)!, Path.ChangeExtension(App, null)])
        {
            var answer = await Tool.Check(Traced, path);
            Assert.IsTrue(answer.IsFine, answer.Document.ToString());
            Assert.AreEqual(App, (string?)answer.Document["app"]);
        }
        var ended = await Tool.Run(Traced, "check", App);
        Assert.AreEqual((0, ""), (ended.ExitCode, ended.Error));
        StringAssert.Matches(ended.Output, new($@"^Kiosk will be traced\.\s+✓ The collector at {_collector.HttpEndpoint}v1/traces takes spans \(http/protobuf, \d+ ms\)\.$"));
    }

    /// <summary>The remedy of each is to take the variable away, or to set it to what the program says.</summary>
    [TestMethod]
    [DataRow("hook-missing", "DOTNET_STARTUP_HOOKS=/nowhere/Agent.StartupHook.dll", "DOTNET_STARTUP_HOOKS={hook}", "DOTNET_STARTUP_HOOKS names /nowhere/Agent.StartupHook.dll, and there is no such file: .NET does not start the app.")]
    [DataRow("hook-missing", "DOTNET_STARTUP_HOOKS=agent/Agent.StartupHook.dll", "DOTNET_STARTUP_HOOKS={hook}", "DOTNET_STARTUP_HOOKS names agent/Agent.StartupHook.dll, which is not a full path: .NET does not start the app.")]
    [DataRow("hook-missing", "DOTNET_STARTUP_HOOKS={hook}:/nowhere/other.dll", "DOTNET_STARTUP_HOOKS={hook}", "DOTNET_STARTUP_HOOKS names /nowhere/other.dll, and there is no such file: .NET does not start the app.")]
    [DataRow("hook-not-set", "DOTNET_STARTUP_HOOKS=", "DOTNET_STARTUP_HOOKS={hook}", "DOTNET_STARTUP_HOOKS is not set in this environment.")]
    [DataRow("hook-not-set", "DOTNET_STARTUP_HOOKS=Other", "DOTNET_STARTUP_HOOKS={hook}:Other", "DOTNET_STARTUP_HOOKS is Other: it does not name the agent in this environment.")]
    [DataRow("hook-twice", "DOTNET_STARTUP_HOOKS={hook}:{hook}", "DOTNET_STARTUP_HOOKS={hook}", "DOTNET_STARTUP_HOOKS names the agent 2 times.")]
    [DataRow("switched-off", "OTEL_SDK_DISABLED=true", "OTEL_SDK_DISABLED", "OTEL_SDK_DISABLED=true switches the agent off.")]
    [DataRow("switched-off", "OTEL_DOTNET_AUTO_TRACES_ENABLED=false", "OTEL_DOTNET_AUTO_TRACES_ENABLED", "OTEL_DOTNET_AUTO_TRACES_ENABLED=false switches the agent off.")]
    [DataRow("environment-not-enabled", "AGENT_ENVIRONMENTS=preview-*", "AGENT_ENVIRONMENTS=preview-*,Production", "The environment Production is not in AGENT_ENVIRONMENTS=preview-*.")]
    [DataRow("excluded-name", "OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES=Other,kiosk", "OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES=Other", "OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES names Kiosk.")]
    [DataRow("diagnostics-off", "DOTNET_EnableDiagnostics=0", "DOTNET_EnableDiagnostics", "DOTNET_EnableDiagnostics=0 switches the runtime's diagnostics off: methods cannot be patched, and there are only the framework's own spans.")]
    [DataRow("diagnostics-off", "DOTNET_EnableDiagnostics_IPC=0", "DOTNET_EnableDiagnostics_IPC", "DOTNET_EnableDiagnostics_IPC=0 switches the runtime's diagnostics off: methods cannot be patched, and there are only the framework's own spans.")]
    [DataRow("no-socket", "TMPDIR=/nowhere", "TMPDIR=/dev/shm", "The runtime cannot make its diagnostics socket, because the folder for temporary files, /nowhere, cannot be written: methods cannot be patched, and there are only the framework's own spans.")]
    [DataRow("other-profiler", "CORECLR_ENABLE_PROFILING=1", "CORECLR_ENABLE_PROFILING", "CORECLR_ENABLE_PROFILING=1 loads another profiler (), and .NET has room for one: methods cannot be patched, and there are only the framework's own spans.")]
    [DataRow("setting-refused", "OTEL_BSP_MAX_QUEUE_SIZE=many", "OTEL_BSP_MAX_QUEUE_SIZE=4096", "OTEL_BSP_MAX_QUEUE_SIZE=many is not accepted (a whole number of spans, at least 1); using 2048.")]
    [DataRow("exports-nowhere", "OTEL_TRACES_EXPORTER=none", "OTEL_TRACES_EXPORTER=otlp", "OTEL_TRACES_EXPORTER=none: spans are made and thrown away.")]
    [DataRow("samples-nothing", "OTEL_TRACES_SAMPLER=always_off", "OTEL_TRACES_SAMPLER=parentbased_always_on", "OTEL_TRACES_SAMPLER=always_off takes no trace.")]
    [DataRow("little-memory", "DOTNET_GCHeapHardLimit=0x1000000", "DOTNET_GCHeapHardLimit=0x4000000", "DOTNET_GCHeapHardLimit=0x1000000 leaves 16 MiB for objects, of which the agent takes about 10 under load.")]
    public async Task A_variable(string reason, string cause, string remedy, string sentence)
    {
        var answer = await Tool.Check([.. Traced, Variable(cause)], App);
        CollectionAssert.AreEqual(new[] { reason }, answer.Reasons, answer.Document.ToString());
        Assert.AreEqual(sentence, (string?)answer.Finding(reason)["sentence"]);
        StringAssert.Contains(answer.Remedy(reason), remedy.Split('=')[0]);
        Assert.AreEqual(reason is "hook-twice" or "diagnostics-off" or "no-socket" or "other-profiler" or "setting-refused" or "little-memory", answer.IsTraced);
        await IsWell([.. Traced, Variable(remedy)], App);
    }

    [TestMethod]
    public async Task The_hook_without_the_agent()
    {
        var hook = Path.Combine(_folder, "Agent.StartupHook.dll");
        File.Copy(Places.Hook, hook);
        var answer = await Tool.Check([.. Traced, ("DOTNET_STARTUP_HOOKS", hook)], App);
        CollectionAssert.AreEqual(new[] { "other-build", "other-system" }, answer.Reasons);
        Assert.IsFalse(answer.IsTraced);
        CopyFolder(Path.Combine(Places.Agent, "net10.0"), Path.Combine(_folder, "net10.0"));
        Assert.IsTrue((await Tool.Check([.. Traced, ("DOTNET_STARTUP_HOOKS", hook)], App)).IsTraced);
        CopyFolder(Path.Combine(Places.Agent, "native"), Path.Combine(_folder, "native"));
        await IsWell([.. Traced, ("DOTNET_STARTUP_HOOKS", hook)], App);
    }

    [TestMethod]
    [DataRow("hooks-switched-off", """{ "configProperties": { "System.StartupHookProvider.IsSupported": false } }""", """{ "configProperties": { "System.StartupHookProvider.IsSupported": true } }""")]
    [DataRow("old-runtime", """{ "includedFrameworks": [{ "name": "Microsoft.NETCore.App", "version": "9.0.1" }] }""", """{ "includedFrameworks": [{ "name": "Microsoft.NETCore.App", "version": "10.0.0" }] }""")]
    [DataRow("no-runtime", """{ "framework": { "name": "Microsoft.NETCore.App", "version": "7.0.0" }, "rollForward": "Disable" }""", """{ "framework": { "name": "Microsoft.NETCore.App", "version": "7.0.0" }, "rollForward": "LatestMajor" }""")]
    public async Task What_its_configuration_says(string reason, string cause, string remedy)
    {
        var app = CopyApp();
        (string, string?)[] environment = reason == "no-runtime" ? [.. Traced, ("DOTNET_ROLL_FORWARD", null)] : Traced; // .NET 11 is reached by it
        await Configure(app, cause);
        var answer = await Tool.Check(environment, app);
        CollectionAssert.AreEqual(new[] { reason }, answer.Reasons, answer.Document.ToString());
        Assert.IsFalse(answer.IsTraced);
        await Configure(app, remedy);
        await IsWell(environment, app);
    }

    [TestMethod]
    public async Task A_newer_runtime_is_only_said()
    {
        var app = CopyApp();
        await Configure(app, """{ "includedFrameworks": [{ "name": "Microsoft.NETCore.App", "version": "12.0.0" }] }""");
        var answer = await Tool.Check(Traced, app);
        CollectionAssert.AreEqual(new[] { "untried-runtime" }, answer.Reasons);
        Assert.IsTrue(answer.IsFine);
    }

    [TestMethod]
    public async Task A_tool_and_a_test_project()
    {
        var app = CopyApp();
        foreach (var file in (string[])["DotnetToolSettings.xml", "Microsoft.Testing.Platform.dll"])
        {
            var path = Path.Combine(_folder, file);
            await File.WriteAllTextAsync(path, "");
            var answer = await Tool.Check(Traced, app);
            CollectionAssert.AreEqual(new[] { "not-an-app" }, answer.Reasons);
            Assert.IsFalse(answer.IsTraced);
            File.Delete(path);
        }
        await IsWell(Traced, app);
    }

    /// <summary>What agent.json says counts as it does in the app.</summary>
    [TestMethod]
    public async Task The_apps_own_file()
    {
        var app = CopyApp();
        await File.WriteAllTextAsync(Path.Combine(_folder, "agent.json"), """{ "AGENT_ENVIRONMENTS": "Staging", "OTEL_BSP_SCHEDULE_DELAY": "soon" }""");
        CollectionAssert.AreEquivalent(new[] { "environment-not-enabled", "setting-refused" }, (await Tool.Check(Traced, app)).Reasons);
        await File.WriteAllTextAsync(Path.Combine(_folder, "agent.json"), """{ "AGENT_ENVIRONMENTS": "Staging,Production", "OTEL_BSP_SCHEDULE_DELAY": "500" }""");
        await IsWell(Traced, app);
    }

    [TestMethod]
    [DataRow("join", "Where it makes a tracer provider, the agent's spans go into that, and its sampler and exporters decide (AGENT_APP_SDK=join).")]
    [DataRow("separate", "Both send their spans, each to its own place (AGENT_APP_SDK=separate).")]
    [DataRow("stand-down", "Where it makes a tracer provider, the agent ends (AGENT_APP_SDK=stand-down).")]
    public async Task An_app_with_its_own_OpenTelemetry(string mode, string sentence)
    {
        var answer = await Tool.Check([.. Traced, ("AGENT_APP_SDK", mode)], Places.TestApp("StorefrontHandwired"));
        CollectionAssert.AreEqual(new[] { "own-open-telemetry" }, answer.Reasons);
        Assert.AreEqual($"It has an OpenTelemetry of its own (1.20.1). {sentence}", (string?)answer.Finding("own-open-telemetry")["sentence"]);
        Assert.IsTrue(answer.IsFine);
    }

    [TestMethod]
    public async Task Nobody_listens()
    {
        var address = $"http://127.0.0.1:{TestApp.FreePort()}";
        await HasCollectorProblem("collector-unreachable", $"The collector at {address}/v1/traces cannot be reached: the connection was refused, nothing listens on port {address.Split(':')[2]}.", ("OTEL_EXPORTER_OTLP_ENDPOINT", address));
        await HasCollectorProblem("collector-unreachable", "The collector at http://collector.invalid:4318/v1/traces cannot be found: the name collector.invalid is not known here.", ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.invalid:4318"));
    }

    [TestMethod]
    public async Task A_wrong_path()
    {
        var answer = await HasCollectorProblem("collector-path", $"The collector at {_collector.HttpEndpoint}traces knows nothing at the path /traces: it answered 404 Not Found.", ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{_collector.HttpEndpoint}traces"));
        await IsWell([.. Traced, Set(answer.Remedy("collector-path")!, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")], App);
    }

    [TestMethod]
    public async Task The_other_protocol()
    {
        var grpc = await HasCollectorProblem("collector-protocol", $"The collector at {_collector.HttpEndpoint} speaks HTTP there, and was asked over gRPC (to HTTP it answered 200 OK).",
            ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc"));
        await Remedied(grpc);
        var http = await HasCollectorProblem("collector-protocol", $"The collector at {_collector.GrpcEndpoint}v1/traces speaks gRPC there, and was asked over HTTP.", ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.GrpcEndpoint.ToString()));
        await Remedied(http);

        static Task Remedied(Tool.Answer answer)
        {
            var remedy = answer.Remedy("collector-protocol")!;
            return IsWell([.. Traced, Set(remedy, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), Set(remedy, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")], App);
        }
    }

    [TestMethod]
    [DataRow("http/protobuf", HttpProtocols.Http1, 401, "401 Unauthorized")]
    [DataRow("http/protobuf", HttpProtocols.Http1, 403, "403 Forbidden")]
    [DataRow("grpc", HttpProtocols.Http2, 16, "gRPC status 16")]
    public async Task Credentials(string protocol, HttpProtocols http, int refused, string said)
    {
        await using var collector = RequestCollector.Start(http);
        collector.Answer = number => collector.Requests[number].Headers.TryGetValue("api-key", out var key) && key == "s3cret" ? 200 : refused;
        (string, string?)[] environment = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)];
        var answer = await HasCollectorProblem("collector-credentials", $"The collector at {collector.Address}{(protocol == "grpc" ? "" : "/v1/traces")} wants credentials, or others: it answered {said}.", environment);
        StringAssert.Contains(answer.Remedy("collector-credentials"), "OTEL_EXPORTER_OTLP_TRACES_HEADERS");
        await IsWell([.. Traced, .. environment, ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "api-key=s3cret")], App);
    }

    [TestMethod]
    public async Task Another_answer()
    {
        await using var collector = RequestCollector.Start();
        collector.Answer = static _ => 503;
        await HasCollectorProblem("collector-answer", $"The collector at {collector.Address}/v1/traces answered 503 Service Unavailable.", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address));
    }

    [TestMethod]
    public async Task Too_slow()
    {
        await using var collector = RequestCollector.Start();
        using var answered = new ManualResetEventSlim();
        collector.Answer = _ =>
        {
            answered.Wait(TimeSpan.FromSeconds(30));
            return 200;
        };
        await HasCollectorProblem("collector-slow", $"The collector at {collector.Address}/v1/traces gave no answer within 5 s.", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address));
        answered.Set();
        await IsWell([.. Traced, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address)], App);
    }

    [TestMethod]
    public async Task Tls()
    {
        using var certificates = new Certificates();
        await using var collector = RequestCollector.Start(certificate: certificates.Server);
        var answer = await HasCollectorProblem("collector-tls", null, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address));
        StringAssert.StartsWith((string?)answer.Finding("collector-tls")["sentence"], $"The TLS connection to {collector.Address}/v1/traces failed: ");
        StringAssert.Contains(answer.Remedy("collector-tls"), "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE");
        (string, string?)[] trusted = [.. Traced, ("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", certificates.AuthorityFile)];
        await IsWell([.. trusted, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address)], App);

        var plain = $"http://{collector.Authority}";
        answer = await HasCollectorProblem("collector-tls", $"The collector at {plain}/v1/traces speaks TLS there, and was asked without.", ("OTEL_EXPORTER_OTLP_ENDPOINT", plain));
        StringAssert.Contains(answer.Remedy("collector-tls"), "https://");

        var secure = _collector.HttpEndpoint.ToString().Replace("http:", "https:", StringComparison.Ordinal);
        await HasCollectorProblem("collector-tls", $"The collector at {secure}v1/traces speaks without TLS there: it answered 200 OK to a plain request.", ("OTEL_EXPORTER_OTLP_ENDPOINT", secure));
    }

    [TestMethod]
    [DataRow("/nowhere", "there is no such file or folder")]
    [DataRow("{project}/Kiosk.csproj", "it is source; what can be looked at is what is built from it, such as bin/Debug/net10.0/MyApp.dll")]
    [DataRow("{agent}/net10.0/Agent.dll", "there is no runtimeconfig.json beside it, so it is a library and not an app")]
    [DataRow("/bin/sh", "it is not an app of .NET")]
    [DataRow("/", "there is no app in this folder (no runtimeconfig.json, as it lies beside what is built)")]
    public async Task What_is_no_app(string path, string because)
    {
        path = path.Replace("{project}", Places.Project("Kiosk"), StringComparison.Ordinal).Replace("{agent}", Places.Agent, StringComparison.Ordinal);
        Assert.AreEqual(new EndedApp(1, "", $"agent: {path} cannot be looked at: {because}.\n"), await Tool.Run("check", path));
    }

    static async Task IsWell((string, string?)[] environment, string app)
    {
        var answer = await Tool.Check(environment, app);
        Assert.IsTrue(answer is { IsTraced: true, IsFine: true }, answer.Document.ToString());
    }

    static async Task<Tool.Answer> HasCollectorProblem(string reason, string? sentence, params (string, string?)[] environment)
    {
        var answer = await Tool.Check([.. Traced, .. environment], App);
        CollectionAssert.AreEqual(new[] { reason }, answer.Reasons, answer.Document.ToString());
        Assert.IsTrue(answer.IsTraced);
        if (sentence is not null)
            Assert.AreEqual(sentence, (string?)answer.Finding(reason)["sentence"]);
        return answer;
    }

    static (string, string?) Variable(string text)
    {
        var parts = text.Replace("{hook}", Places.Hook, StringComparison.Ordinal).Split('=', 2);
        return (parts[0], parts.Length == 2 ? parts[1] : null);
    }

    /// <summary>The assignment in a sentence.</summary>
    static (string, string?) Set(string sentence, string name)
    {
        var value = sentence[(sentence.IndexOf(name + "=", StringComparison.Ordinal) + name.Length + 1)..];
        return (name, value.Split(' ', ',')[0]);
    }

    string CopyApp()
    {
        CopyFolder(Path.GetDirectoryName(App)!, _folder);
        return Path.Combine(_folder, "Kiosk.dll");
    }

    static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        foreach (var folder in Directory.GetDirectories(from))
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    /// <summary>What stands in runtimeOptions is replaced, the rest stays.</summary>
    static async Task Configure(string app, string options)
    {
        var path = Path.ChangeExtension(app, ".runtimeconfig.json");
        var document = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        var there = document["runtimeOptions"]!.AsObject();
        var wanted = JsonNode.Parse(options)!.AsObject();
        foreach (var name in (string[])["framework", "frameworks", "includedFrameworks"])
        {
            if (wanted.Any(static option => option.Key is "framework" or "includedFrameworks"))
                there.Remove(name);
        }
        foreach (var (name, value) in wanted)
            there[name] = value?.DeepClone();
        await File.WriteAllTextAsync(path, document.ToJsonString());
    }
}
