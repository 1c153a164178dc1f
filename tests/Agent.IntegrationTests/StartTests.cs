namespace Agent.IntegrationTests;

/// <summary>When the agent starts, when it stays out, and what it says: one line, on standard error.</summary>
[TestClass]
public sealed class StartTests
{
    [TestMethod]
    [DataRow("OTEL_SDK_DISABLED", "true", "not tracing this process: OTEL_SDK_DISABLED=true.")]
    [DataRow("OTEL_DOTNET_AUTO_TRACES_ENABLED", "false", "not tracing this process: OTEL_DOTNET_AUTO_TRACES_ENABLED=false.")]
    [DataRow("AGENT_ENVIRONMENTS", "preview-*,Development", "not tracing this process: the environment Production is not in AGENT_ENVIRONMENTS=preview-*,Development.")]
    public async Task Switched_off(string variable, string value, string sentence)
    {
        var ended = await Run((variable, value), ("DOTNET_STARTUP_HOOKS", Places.Hook));
        Assert.AreEqual((7, "nothing to do", $"Agent 0.1.0: {sentence}\n"), (ended.ExitCode, ended.Output, ended.Error));
    }

    [TestMethod]
    public async Task Listed_twice()
    {
        var ended = await Run(("DOTNET_STARTUP_HOOKS", Places.Hook + Path.PathSeparator + Places.Hook), ("OTEL_TRACES_EXPORTER", "none"));
        Assert.AreEqual(
            (7, "nothing to do", "Agent 0.1.0: tracing Courier (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none).\n"
                + "Agent 0.1.0: already started in this process; the hook is named twice, in DOTNET_STARTUP_HOOKS or there and in the app's runtimeconfig.json.\n"),
            (ended.ExitCode, ended.Output, ended.Error));
    }

    [TestMethod]
    public async Task Excluded_process_hears_nothing()
    {
        var ended = await Run(("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_DOTNET_AUTO_EXCLUDE_PROCESSES", "Other,Courier"));
        Assert.AreEqual((7, "nothing to do", ""), (ended.ExitCode, ended.Output, ended.Error));
    }

    [TestMethod]
    public async Task Wrong_settings_are_said_and_the_app_starts()
    {
        var ended = await Run(("DOTNET_STARTUP_HOOKS", Places.Hook), ("AGENT_MIDDLEWARE", "some"), ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"), ("OTEL_TRACES_SAMPLER", "always_off"));
        Assert.AreEqual((7, "nothing to do"), (ended.ExitCode, ended.Output));
        CollectionAssert.AreEqual(new[]
        {
            "Agent 0.1.0: OTEL_EXPORTER_OTLP_ENDPOINT=localhost:4318 is not accepted (an absolute http or https address); using http://localhost:4318/v1/traces.",
            "Agent 0.1.0: AGENT_MIDDLEWARE=some is not accepted (one of app, all, none); using app.",
            "Agent 0.1.0: tracing Courier (Production), traces go to http://localhost:4318/v1/traces (http/protobuf).",
        }, ended.Error.Trim().Split('\n'));
    }

    static async Task<EndedApp> Run(params (string, string?)[] environment)
    {
        await using var app = TestApp.Start("Courier", [], environment);
        return await app.End();
    }
}
