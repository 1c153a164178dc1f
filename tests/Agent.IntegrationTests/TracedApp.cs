using System.Diagnostics;
using System.Net;
using Agent.IntegrationTests.CommandLine;
using Agent.Viewer;
using Trace = Agent.Viewer.Trace;

namespace Agent.IntegrationTests;

/// <summary>A web app with the agent, and the collector its traces go to.</summary>
sealed class TracedApp : IAsyncDisposable
{
    readonly OtlpReceiver _collector;
    readonly TestApp _app;
    readonly ulong _started;

    TracedApp(OtlpReceiver collector, TestApp app, Uri address)
    {
        (_collector, _app) = (collector, app);
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = address };
        _started = (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
    }

    /// <summary>Sends requests to the app; follows no redirects.</summary>
    public HttpClient Client { get; }

    /// <summary>Completes when this has appeared on standard error.</summary>
    public Task Told(string text) => _app.Told(text);

    /// <summary>Standard output so far.</summary>
    public string Output => _app.Output;

    public static Task<TracedApp> Start(string name, params (string Name, string? Value)[] environment) =>
        Start(new ProcessStartInfo("dotnet", [Places.TestApp(name)]), environment);

    /// <summary>The id of the app's process.</summary>
    public int Id => _app.Id;

    /// <summary>Where its traces go.</summary>
    public Uri Collector => _collector.HttpEndpoint;

    /// <summary>What has come there by now.</summary>
    public IReadOnlyList<Trace> TracesSoFar => Trace.Group(_collector.Spans);

    /// <summary>An app without the agent.</summary>
    public static Task<TracedApp> StartUntraced(string name, params (string Name, string? Value)[] environment) =>
        Start(name, [("DOTNET_STARTUP_HOOKS", null), .. environment]);

    public static async Task<TracedApp> Start(ProcessStartInfo start, params (string Name, string? Value)[] environment)
    {
        var isLate = IsLate && !environment.Any(static variable => variable.Name == "DOTNET_STARTUP_HOOKS");
        if (isLate)
            environment = [.. environment, ("DOTNET_STARTUP_HOOKS", null)];
        var app = await StartAsIs(start, environment);
        if (isLate)
        {
            using var warm = await app.Client.GetAsync(new Uri("/before-the-agent", UriKind.Relative));
            await Tool.Do("attach", $"{app.Id}");
        }
        return app;
    }

    /// <summary>An app that is told otherwise than by this process's variables where its traces go.</summary>
    /// <param name="start">How it is started, with the collector's address; as the app, it listens on any port of the loopback.</param>
    public static async Task<TracedApp> Start(Func<Uri, ProcessStartInfo> start)
    {
        var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var app = TestApp.Start(start(collector.HttpEndpoint));
        return new TracedApp(collector, app, await app.Listening);
    }

    /// <summary>AGENT_TEST_LATE=1: the agent is not in the app from its start, but attached after its first request.</summary>
    static bool IsLate => Environment.GetEnvironmentVariable("AGENT_TEST_LATE") == "1";

    static async Task<TracedApp> StartAsIs(ProcessStartInfo start, (string Name, string? Value)[] environment)
    {
        var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add("http://127.0.0.1:0");
        var app = TestApp.Start(start,
            [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", EndpointFor(environment, collector)), .. environment]);
        return new TracedApp(collector, app, await app.Listening);
    }

    static string EndpointFor((string Name, string? Value)[] environment, OtlpReceiver collector) =>
        (environment.Contains(("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")) ? collector.GrpcEndpoint : collector.HttpEndpoint).ToString();

    /// <summary>
    /// Stops the app in order, which sends what is queued, and gives the traces that began after it was listening, in their order, without
    /// <see cref="StopTraces"/>.
    /// </summary>
    public async Task<(IReadOnlyList<Trace> Traces, EndedApp App)> Stop()
    {
        var ended = await _app.Stop();
        return ([.. Trace.Group(_collector.Spans).Where(trace => trace.StartUnixNano >= _started && !IsOfStop(trace))], ended);
    }

    /// <summary>Asks for pages, one after the other, each of which is there and has this text.</summary>
    public async Task Answers(params IEnumerable<(string Path, string Text)> pages)
    {
        foreach (var (path, text) in pages)
        {
            using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.AreEqual((HttpStatusCode.OK, text), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        }
    }

    /// <summary><see cref="Stop"/> of an app for which the agent has said one line, that of its start, and nobody another.</summary>
    public async Task<IReadOnlyList<Trace>> StopQuiet()
    {
        var (traces, ended) = await Stop();
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
        return traces;
    }

    /// <summary>The traces of what the app did before it was listening; to be asked after <see cref="Stop"/>.</summary>
    public IReadOnlyList<Trace> StartTraces => [.. Trace.Group(_collector.Spans).Where(trace => trace.StartUnixNano < _started)];

    /// <summary>Those of hosted services that were stopped; to be asked after <see cref="Stop"/>.</summary>
    public IReadOnlyList<Trace> StopTraces => [.. Trace.Group(_collector.Spans).Where(IsOfStop)];

    static bool IsOfStop(Trace trace) => trace.Roots is [{ Span: { ScopeName: "Agent.Jobs", Name: var name } }] && name.StartsWith("stop", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }
}
