using System.Net;
using Agent.Viewer;

namespace Agent.IntegrationTests;

/// <summary>
/// Apps that have an OpenTelemetry of their own: no span is sent twice, and never more to the app's place than its sampler has chosen.
/// </summary>
[TestClass]
public sealed class AppSdkTests
{
    /// <summary>With an SDK as old as can be, with the agent's own version, and with a System.Diagnostics.DiagnosticSource of the app's.</summary>
    [TestMethod]
    [DataRow("Observatory", "1.20.1")]
    [DataRow("ObservatoryOlder", "1.15.3")]
    [DataRow("ObservatoryNewer", "1.20.1")]
    public async Task Spans_join_the_apps_own(string name, string version)
    {
        var run = await Run(name, []);
        Snapshot.Matches(run.AtApps, sentByApp: true);
        Assert.IsEmpty(run.AtAgents);
        Assert.AreEqual($"Agent 0.1.0: the app has an OpenTelemetry of its own ({version}): from now on the agent's spans go where it sends them (AGENT_APP_SDK=join).", run.LastLine);
    }

    [TestMethod]
    public async Task Spans_that_join_are_sampled_as_the_app_has_chosen()
    {
        var run = await Run("Observatory", ["--Telemetry:Sampled=false"]);
        Assert.IsEmpty(run.AtApps);
        Assert.IsEmpty(run.AtAgents);
    }

    /// <summary>What has begun before the app's provider was there goes to the agent's place, the rest of the start to the app's; each has its root.</summary>
    [TestMethod]
    public async Task A_start_that_is_interrupted()
    {
        using var weather = new HttpSite(context => { context.Response.Close(); return Task.CompletedTask; });
        var run = await Run("Observatory", [$"--Telemetry:Dome={weather.Address}"]);
        CollectionAssert.AreEqual(new[] { "startup", "GET" }, run.AtAgents.Single().Nodes.Select(node => node.Span.Name).ToList());
        CollectionAssert.AreEqual(new[] { "startup", "start Dome" }, run.AtApps[0].Nodes.Select(node => node.Span.Name).ToList());
        CollectionAssert.AreEqual(new[] { "GET /stars/{name}", "stop Dome" }, run.AtApps.Skip(1).Select(trace => trace.Roots.Single().Span.Name).ToList());
    }

    [TestMethod]
    public async Task A_start_that_the_app_does_not_sample()
    {
        using var weather = new HttpSite(context => { context.Response.Close(); return Task.CompletedTask; });
        var run = await Run("Observatory", [$"--Telemetry:Dome={weather.Address}", "--Telemetry:Sampled=false"]);
        CollectionAssert.AreEqual(new[] { "startup", "GET" }, run.AtAgents.Single().Nodes.Select(node => node.Span.Name).ToList());
        Assert.IsEmpty(run.AtApps);
    }

    /// <summary>To the app's place goes what goes there without the agent.</summary>
    [TestMethod]
    public async Task Both_send_their_spans()
    {
        var run = await Run("Observatory", [], ("AGENT_APP_SDK", "separate"));
        Snapshot.Matches(run.AtApps, sentByApp: true);
        CollectionAssert.AreEqual(new[] { "GET /stars/{name}", "middleware Program.cs:36", "endpoint /stars/{name}" }, run.AtAgents.Single().Nodes.Select(node => node.Span.Name).ToList());
        Assert.AreEqual("Agent 0.1.0: the app has an OpenTelemetry of its own (1.20.1): both send their spans (AGENT_APP_SDK=separate).", run.LastLine);
    }

    [TestMethod]
    public async Task What_the_apps_sampler_leaves_out_goes_to_the_agents_place_only()
    {
        var run = await Run("Observatory", ["--Telemetry:Sampled=false"], ("AGENT_APP_SDK", "separate"));
        Assert.IsEmpty(run.AtApps);
        Snapshot.Matches(run.AtAgents);
    }

    [TestMethod]
    [DataRow("always_off")]
    [DataRow("traceidratio")]
    public async Task The_agents_own_sampler_counts_for_the_agents_place(string sampler)
    {
        var run = await Run("Observatory", ["--Telemetry:Sampled=false"], ("AGENT_APP_SDK", "separate"), ("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", "0"));
        Assert.IsEmpty(run.AtApps);
        Assert.IsEmpty(run.AtAgents);
    }

    [TestMethod]
    public async Task The_agent_stands_down()
    {
        var run = await Run("Observatory", [], ("AGENT_APP_SDK", "stand-down"));
        Snapshot.Matches(run.AtApps, sentByApp: true);
        Assert.IsEmpty(run.AtAgents);
        Assert.AreEqual("Agent 0.1.0: the app has an OpenTelemetry of its own (1.20.1): the agent stands down (AGENT_APP_SDK=stand-down).", run.LastLine);
    }

    [TestMethod]
    public async Task Packages_without_a_provider_change_nothing()
    {
        var run = await Run("Observatory", ["--Telemetry:Traces=false"]);
        Assert.IsEmpty(run.AtApps);
        Snapshot.Matches(run.AtAgents);
        Assert.StartsWith("Agent 0.1.0: tracing Observatory", run.LastLine);
    }

    /// <summary>Starts an Observatory with a collector for itself and one for the agent, asks for a star, stops it.</summary>
    static async Task<(IReadOnlyList<Trace> AtApps, IReadOnlyList<Trace> AtAgents, string LastLine)> Run(string name, string[] args, params (string, string?)[] settings)
    {
        await using var apps = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var agents = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var app = TestApp.Start(name, ["--urls", "http://127.0.0.1:0", $"--Telemetry:Endpoint={apps.HttpEndpoint}", .. args],
            [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", agents.HttpEndpoint.ToString()), .. settings]);
        using var client = new HttpClient { BaseAddress = await app.Listening };
        using var response = await client.GetAsync(new Uri("/stars/vega", UriKind.Relative));
        Assert.AreEqual((HttpStatusCode.OK, "vega is 4 light years away"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        var ended = await app.Stop();
        Assert.AreEqual(0, ended.ExitCode, ended.Error);
        return (Trace.Group(apps.Spans), Trace.Group(agents.Spans), ended.Error.TrimEnd().Split('\n')[^1]);
    }
}
