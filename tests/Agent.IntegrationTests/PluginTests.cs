using System.Diagnostics;

namespace Agent.IntegrationTests;

/// <summary>Code of the app's author that has a say in tracing: named types, and the instrumentation file.</summary>
[TestClass]
public sealed class PluginTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-plugins").FullName;

    [TestInitialize]
    public void CopyCourier()
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Places.TestApp("Courier"))!).Append(Places.TestApp("Plugins")))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
    }

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task Instrumentation_file_adds_a_source_a_processor_a_resource_attribute_and_a_patch()
    {
        await using var shop = await TracedApp.Start("Storefront", ("AGENT_INSTRUMENTATION_FILE", InstrumentationFile));
        await Storefront.Get(shop.Client, "/Products/1");
        var (traces, ended) = await shop.Stop();
        Snapshot.Matches(traces);
        Assert.AreEqual("eu", traces.Single().Roots.Single().Span.Resource["shop.region"]);
        StringAssert.EndsWith(ended.Error.TrimEnd(), "(http/protobuf). Plugins: Instrumentation.Server.");
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
    }

    [TestMethod]
    [DataRow("ObservatoryOlder")]
    [DataRow("ObservatoryNewer")]
    public async Task It_configures_the_agents_provider_and_not_that_of_the_app(string name)
    {
        await using var apps = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var observatory = await TracedApp.Start(name, ("AGENT_INSTRUMENTATION_FILE", InstrumentationFile), ("AGENT_APP_SDK", "separate"), ("Telemetry__Endpoint", apps.HttpEndpoint.ToString()));
        await Storefront.Get(observatory.Client, "/stars/vega");
        var (traces, ended) = await observatory.Stop();
        var root = traces.Single().Roots.Single().Span;
        Assert.AreEqual(("eu", 3L), (root.Resource["shop.region"], root.Attributes["shop.till"]), ended.Error);
        Assert.IsNotEmpty(apps.Spans);
        Assert.IsFalse(apps.Spans[0].Resource.ContainsKey("shop.region"));
    }

    [TestMethod]
    [DataRow(null, "Plugins: Instrumentation.Server.")]
    [DataRow("off", "")]
    [DataRow("Instrumentation.Server.dll", "Plugins: Instrumentation.Server.")]
    public async Task Instrumentation_file_beside_the_app(string? setting, string said)
    {
        File.Move(Path.Combine(_folder, "Plugins.dll"), Path.Combine(_folder, "Instrumentation.Server.dll"));
        File.Copy(InstrumentationFile, Path.Combine(_folder, "Instrumentation.Server.dll"), overwrite: true);
        var ended = await Run("", ("AGENT_INSTRUMENTATION_FILE", setting), ("OTEL_TRACES_EXPORTER", "none"));
        Assert.AreEqual((7, "nothing to do"), (ended.ExitCode, ended.Output));
        var lines = ended.Error.Trim().Split('\n');
        Assert.AreEqual($"Agent 0.1.0: tracing Courier (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none). {said}".TrimEnd(), lines[^1]);
        // Its patch is for the Storefront.
        Assert.AreEqual(said.Length == 0 ? 0 : 1, lines.Count(line => line.StartsWith("Agent 0.1.0: patches of Instrumentation.Server: ", StringComparison.Ordinal)), ended.Error);
    }

    [TestMethod]
    public async Task Plugin_runs_before_main()
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var ended = await Run("sort", ("OTEL_DOTNET_AUTO_PLUGINS", "Plugins.Good, Plugins"), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()));
        Assert.AreEqual((7, "sorted"), (ended.ExitCode, ended.Output));
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        Snapshot.Matches(Viewer.Trace.Group(collector.Spans));
    }

    /// <summary>It refers to 0Harmony, which is nowhere but in the agent's folder; what lies beside it under that name is not loaded.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task Plugin_that_was_compiled_for_HarmonyLib(bool hasHarmonyBesideIt)
    {
        File.Copy(Places.TestApp("HarmonyPlugin"), Path.Combine(_folder, "HarmonyPlugin.dll"));
        if (hasHarmonyBesideIt)
            await File.WriteAllTextAsync(Path.Combine(_folder, "0Harmony.dll"), "no assembly");
        var ended = await Run("sort", ("OTEL_DOTNET_AUTO_PLUGINS", "HarmonyPlugin.Startup, HarmonyPlugin"), ("OTEL_TRACES_EXPORTER", "none"));
        Assert.AreEqual((7, "sorted"), (ended.ExitCode, ended.Output));
        CollectionAssert.AreEqual((string[])
        [
            "plugin: <Main>$ by Agent.Harmony", "plugin: changed", "plugin: content, 42", "plugin: 20 content 3", "plugin: harmony.plugin 600 Prefix True", "plugin: <Main>$(sort) 1", "plugin: True 1",
        ], ended.Error.Trim().Split('\n').Where(line => line.StartsWith("plugin:", StringComparison.Ordinal)).ToArray(), ended.Error);
    }

    [TestMethod]
    [DataRow("Plugins.Throwing, Plugins",
        "plugin Plugins.Throwing: Initializing threw InvalidOperationException: no beginning; tracing goes on without the rest of what it does.",
        "plugin Plugins.Throwing: BeforeConfigureTracerProvider threw InvalidOperationException: no before; tracing goes on without the rest of what it does.",
        "plugin Plugins.Throwing: ConfigureResource threw InvalidOperationException: no resource; tracing goes on without the rest of what it does.",
        "plugin Plugins.Throwing: AfterConfigureTracerProvider threw InvalidOperationException: no after; tracing goes on without the rest of what it does.",
        "plugin Plugins.Throwing: TracerProviderInitialized threw InvalidOperationException: no provider; tracing goes on without the rest of what it does.")]
    [DataRow("Plugins.Unbuildable, Plugins", "with what the plugins have configured there is no tracer provider (InvalidOperationException: no processor); using one without them.")]
    [DataRow("Plugins.Misshapen, Plugins",
        "plugin Plugins.Misshapen: Void Initializing(System.String) is not of the form Initializing(); it is not called.",
        "plugin Plugins.Misshapen: Void TracerProviderInitialized(OpenTelemetry.Trace.TracerProviderBuilder) is not of the form TracerProviderInitialized(TracerProvider); it is not called.",
        "plugin Plugins.Misshapen, Plugins: it has none of the methods Initializing, BeforeConfigureTracerProvider, AfterConfigureTracerProvider, ConfigureResource, ConfigureTracesOptions, TracerProviderInitialized; tracing goes on without it.")]
    [DataRow("Plugins.Idle, Plugins",
        "plugin Plugins.Idle, Plugins: it has none of the methods Initializing, BeforeConfigureTracerProvider, AfterConfigureTracerProvider, ConfigureResource, ConfigureTracesOptions, TracerProviderInitialized; tracing goes on without it.")]
    [DataRow("Plugins.Unborn, Plugins", "plugin Plugins.Unborn, Plugins: InvalidOperationException: no constructor; tracing goes on without it.")]
    [DataRow("Plugins.Missing, Plugins", "plugin Plugins.Missing, Plugins: Plugins has no such type; tracing goes on without it.")]
    [DataRow("Plugins.Good, Missing, Version=1.0.0.0", "plugin Plugins.Good, Missing, Version=1.0.0.0: its assembly is neither beside the app nor beside Agent.StartupHook.dll; tracing goes on without it.")]
    [DataRow("Plugins.Good", "plugin Plugins.Good: it is not «type, assembly»; tracing goes on without it.")]
    [DataRow("Plugins.Idle, Plugins:Plugins.Good, Plugins, Version=1.0.0.0, Culture=neutral",
        "plugin Plugins.Idle, Plugins: it has none of the methods Initializing, BeforeConfigureTracerProvider, AfterConfigureTracerProvider, ConfigureResource, ConfigureTracesOptions, TracerProviderInitialized; tracing goes on without it.")]
    public async Task A_plugin_that_fails_is_said_and_tracing_goes_on(string plugins, params string[] said)
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var ended = await Run("sort", ("OTEL_DOTNET_AUTO_PLUGINS", plugins), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()));
        Assert.AreEqual((7, "sorted"), (ended.ExitCode, ended.Output));
        var lines = ended.Error.Trim().Split('\n');
        CollectionAssert.AreEquivalent(said.Select(line => "Agent 0.1.0: " + line).ToArray(), lines.Where(line => !line.StartsWith("Agent 0.1.0: tracing Courier", StringComparison.Ordinal)).ToArray(), ended.Error);
        Assert.IsTrue(collector.Spans.Any(span => span.Name == "sort"));
    }

    [TestMethod]
    [DataRow("PLUGINS_MISSING_PATCH", "1", "patches of Plugins: MissingPatch stays off: Undefined target method for patch method static System.Void Plugins.MissingPatch::Prefix(): Program has no method Missing; tracing goes on without them.")]
    [DataRow("DOTNET_EnableDiagnostics", "0", "patches of Plugins: methods cannot be patched in this process; tracing goes on without them.")]
    [DataRow("AGENT_INSTRUMENTATION_FILE", "missing.dll", "AGENT_INSTRUMENTATION_FILE=missing.dll is not accepted (a file, or off); using none.")]
    [DataRow("AGENT_INSTRUMENTATION_FILE", "Courier.runtimeconfig.json", "instrumentation file ")]
    public async Task What_cannot_be_installed_is_said(string variable, string value, string said)
    {
        var ended = await Run("", ("OTEL_DOTNET_AUTO_PLUGINS", "Plugins.Good, Plugins"), ("OTEL_TRACES_EXPORTER", "none"), (variable, value));
        Assert.AreEqual((7, "nothing to do"), (ended.ExitCode, ended.Output));
        var lines = ended.Error.Trim().Split('\n');
        Assert.HasCount(2, lines, ended.Error);
        StringAssert.StartsWith(lines[0], "Agent 0.1.0: " + said);
        StringAssert.StartsWith(lines[1], "Agent 0.1.0: tracing Courier");
    }

    static string InstrumentationFile => Path.Combine(Path.GetDirectoryName(Places.TestApp("StorefrontInstrumentation"))!, "Instrumentation.Server.dll");

    async Task<EndedApp> Run(string arguments, params (string, string?)[] environment)
    {
        await using var app = TestApp.Start(new ProcessStartInfo("dotnet", [Path.Combine(_folder, "Courier.dll"), .. arguments.Split(' ')]), 
        [
            ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES", "Courier"), ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_LEGACY_SOURCES", "Courier.Weigh"), .. environment,
        ]);
        return await app.End();
    }
}
