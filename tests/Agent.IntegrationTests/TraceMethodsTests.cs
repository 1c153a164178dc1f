namespace Agent.IntegrationTests;

/// <summary>AGENT_TRACE_METHODS: spans around the app's own methods.</summary>
[TestClass]
[TestCategory("Dispatch")]
public sealed class TraceMethodsTests
{
    /// <summary>What is the framework's or the agent's own is not among them, however wide the pattern.</summary>
    [TestMethod]
    [DataRow("Bakery.*")]
    [DataRow("*")]
    public async Task Every_kind_of_method(string methods)
    {
        var (app, spans) = await Run(methods);
        Snapshot.Matches(spans);
        Assert.AreEqual("Agent 0.1.0: AGENT_TRACE_METHODS: spans for 12 methods of Bakery.", app.Error.Split('\n').Single(line => line.Contains("AGENT_TRACE_METHODS", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Chosen_methods_and_overloads()
    {
        var (_, spans) = await Run("Bakery.Ovens.*; Bakery.Prices.Of(string, int); Bakery.Loaf.ToString(); Bakery.Ovens.Oven.get_Temperature");
        Snapshot.Matches(spans);
    }

    [TestMethod]
    public async Task What_matches_nothing_and_what_is_no_pattern_is_said()
    {
        var (app, spans) = await Run("Bakery.Prices.Of(int);Bakery.Miller.*;Baker Bake;Bakery.Orders.First");
        Assert.AreEqual("Orders.First", spans.Single().Roots.Single().Span.Name);
        var lines = app.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Contains("AGENT_TRACE_METHODS", StringComparison.Ordinal)).ToArray();
        CollectionAssert.AreEqual(new[]
        {
            "Agent 0.1.0: AGENT_TRACE_METHODS: Baker Bake is not accepted (Namespace.Type.Method, with * for any characters and optionally the types of its parameters in parentheses); it is left out.",
            "Agent 0.1.0: AGENT_TRACE_METHODS: spans for 1 method of Bakery.",
            "Agent 0.1.0: AGENT_TRACE_METHODS: Bakery.Prices.Of(int) has matched no method of an assembly that was loaded.",
            "Agent 0.1.0: AGENT_TRACE_METHODS: Bakery.Miller.* has matched no method of an assembly that was loaded.",
        }, lines);
    }

    /// <summary>Runs the app without and with the agent: what it prints and how it ends is the same.</summary>
    static async Task<(EndedApp App, IReadOnlyList<Viewer.Trace> Traces)> Run(string methods)
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var without = TestApp.Start("Bakery", []);
        await using var with = TestApp.Start("Bakery", [], ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()), ("AGENT_TRACE_METHODS", methods));
        var (expected, actual) = (await without.End(), await with.End());
        Assert.AreEqual((0, expected.Output), (actual.ExitCode, actual.Output), actual.Error);
        return (actual, [.. Viewer.Trace.Group(collector.Spans)]);
    }
}
