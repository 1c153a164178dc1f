using System.Runtime.CompilerServices;

namespace Agent.IntegrationTests;

/// <summary>
/// Hosted services in a program without ASP.NET Core. What they start is never part of their start, and what the program prints, also of the
/// current activity, and how it ends, is the same without the agent.
/// </summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class NightshiftTests
{
    [TestMethod]
    public Task Every_kind_of_service() => Traced(["lamps", "sweeper", "baker", "gates"]);

    [TestMethod]
    public async Task Services_that_start_together() =>
        Snapshot.Matches((await Run(["together", "lamps", "sweeper"])).OrderBy(trace => trace.Roots.Single().Span.Name, StringComparer.Ordinal));

    [TestMethod]
    public Task Services_of_one_generic_class() => Traced(["gates", "more gates"]);

    /// <summary>The one inside is not the host's.</summary>
    [TestMethod]
    public Task A_service_inside_another_one() => Traced(["wrapped sweeper", "lamps"]);

    [TestMethod]
    public Task A_service_that_fails_ends_the_host() => Traced(["burglar"]);

    [TestMethod]
    public Task A_service_that_fails_when_it_is_stopped() => Traced(["grump"]);

    [TestMethod]
    public Task A_service_that_cannot_be_started() => Traced(["sleeper"]);

    [TestMethod]
    public Task A_host_that_is_disposed_without_being_stopped() => Traced(["sweeper", "fall asleep"]);

    [TestMethod]
    public async Task They_can_be_switched_off()
    {
        var traces = await Run(["lamps", "sweeper", "baker"], ("OTEL_DOTNET_AUTO_TRACES_HOSTEDSERVICE_INSTRUMENTATION_ENABLED", "false"));
        Assert.IsTrue(traces.SelectMany(trace => trace.Nodes).All(node => node.Span.ScopeName is "Agent.Data" or "Agent.Start"));
    }

    static async Task Traced(string[] services, [CallerMemberName] string test = "") => Snapshot.Matches(await Run(services), test: test);

    static async Task<IReadOnlyList<Viewer.Trace>> Run(string[] services, params (string, string?)[] environment)
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var without = TestApp.Start("Nightshift", services);
        await using var with = TestApp.Start("Nightshift", services, [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()), .. environment]);
        var (expected, actual) = (await without.End(), await with.End());
        var said = $"Agent 0.1.0: tracing Nightshift (Production), traces go to {collector.HttpEndpoint}v1/traces (http/protobuf).\n";
        Assert.AreEqual(expected with { Error = said + Net11.WithoutAwaits(expected.Error) }, actual with { Error = Net11.WithoutAwaits(actual.Error) });
        return Viewer.Trace.Group(collector.Spans);
    }
}
