using Agent.Viewer;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>
/// What an app does before it has started is one trace, `startup`, and not one for each of a hundred migrations. Its root is not current anywhere in the
/// app, so what only begins there, loops and requests, stays traces of its own.
/// </summary>
[TestClass]
public sealed class BazaarTests
{
    [TestMethod]
    public async Task Until_the_host_has_started()
    {
        var run = await Run(["--urls", "http://127.0.0.1:0"], 0, ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES", "Bazaar"));
        Snapshot.Matches(run.Traces);
        var root = run.Traces[0].Roots.Single();
        Assert.IsTrue(root.Children.All(child => child.Span.EndUnixNano <= root.Span.EndUnixNano), "The root ends when the host has started.");
    }

    [TestMethod]
    public async Task Until_a_hosted_service_fails() => Snapshot.Matches((await Run(["--urls", "http://127.0.0.1:0", "closed"], 134)).Traces);

    [TestMethod]
    public async Task Until_an_exception_ends_the_process() => Snapshot.Matches((await Run(["broken"], 134)).Traces);

    [TestMethod]
    [DataRow("0")]
    [DataRow("3")]
    public async Task Until_the_end_of_a_process_without_a_host(string exitCode)
    {
        var run = await Run(["migrate", exitCode], int.Parse(exitCode, System.Globalization.CultureInfo.InvariantCulture));
        var root = run.Traces.Single().Roots.Single();
        CollectionAssert.AreEqual(new[] { "CREATE TABLE Stalls", "INSERT Stalls" }, root.Children.Select(child => child.Span.Name).ToList());
        Assert.AreEqual(root.Children[^1].Span.EndUnixNano, root.Span.EndUnixNano);
        Assert.AreEqual(exitCode == "0" ? (SpanStatusCode.Unset, null) : (SpanStatusCode.Error, 3L), (root.Span.StatusCode, root.Span.Attributes.ToDictionary().GetValueOrDefault("process.exit.code") as long?));
    }

    /// <summary>Samplers are asked about the root, and all else follows it.</summary>
    [TestMethod]
    [DataRow("0", 0)]
    [DataRow("0.5", null)]
    public async Task It_is_sampled_as_a_whole(string ratio, int? spans)
    {
        var run = await Run(["migrate", "0"], 0, ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", ratio));
        var sent = run.Traces.Sum(trace => trace.Nodes.Count);
        Assert.AreEqual(spans ?? (sent == 0 ? 0 : 3), sent);
    }

    [TestMethod]
    public async Task It_can_be_switched_off()
    {
        var run = await Run(["migrate", "0"], 0, ("OTEL_DOTNET_AUTO_TRACES_STARTUP_INSTRUMENTATION_ENABLED", "false"));
        CollectionAssert.AreEqual(new[] { "CREATE TABLE Stalls", "INSERT Stalls" }, run.Traces.Select(trace => trace.Nodes.Single().Span.Name).ToList());
    }

    /// <summary>Runs it with the agent and without, which must print the same; one that opens is asked for something and stopped.</summary>
    static async Task<(IReadOnlyList<Trace> Traces, EndedApp App)> Run(string[] args, int exitCode, params (string, string?)[] settings)
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var expected = await Run(args, []);
        var actual = await Run(args, [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()), .. settings]);
        Assert.AreEqual(exitCode, actual.ExitCode);
        Assert.AreEqual((expected.ExitCode, WithoutPort(expected.Output)), (actual.ExitCode, WithoutPort(actual.Output)));
        return (Trace.Group(collector.Spans), actual);
    }

    static async Task<EndedApp> Run(string[] args, (string, string?)[] environment)
    {
        await using var app = TestApp.Start("Bazaar", args, environment);
        if (!args.Contains("--urls") || args.Contains("closed"))
            return await app.End();
        using var client = new HttpClient { BaseAddress = await app.Listening };
        Assert.AreEqual("sold", await client.GetStringAsync(new Uri("/bell", UriKind.Relative)));
        return await app.Stop();
    }

    static string WithoutPort(string output) => System.Text.RegularExpressions.Regex.Replace(output, @"127\.0\.0\.1:\d+", "");
}
