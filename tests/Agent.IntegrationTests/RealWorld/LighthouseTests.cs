using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Agent.Viewer;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Agent.IntegrationTests.RealWorld;

/// <summary>
/// Apps that send telemetry of their own. What the README tells works for them, and moves nothing that they send; where the agent's spans go another way, or
/// nowhere, is said.
/// </summary>
[TestClass]
public sealed class LighthouseTests
{
    /// <summary>The app looks whether OTEL_EXPORTER_OTLP_ENDPOINT is set, sees that it is not, and leaves the traces to the agent.</summary>
    [TestMethod]
    public async Task Service_defaults_with_the_variable_for_traces()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var lines = await Run(["--Defaults=true"], ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.HttpEndpoint}v1/traces"));
        Assert.AreEqual(Started($"{collector.HttpEndpoint}v1/traces (http/protobuf)"), lines);
        Sees(collector, "Lighthouse");
    }

    /// <summary>With the variable for all signals it sends by itself, in its own default protocol; its collector is asked in that one.</summary>
    [TestMethod]
    public async Task Service_defaults_with_the_variable_for_all_signals()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var lines = await Run(["--Defaults=true"], ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{collector.GrpcEndpoint}"));
        Assert.AreEqual(Started($"{collector.GrpcEndpoint}v1/traces (http/protobuf)") + Joined, lines);
        Sees(collector, "Lighthouse");
    }

    /// <summary>As an AppHost starts it: the app names its service, and is told where its telemetry goes.</summary>
    [TestMethod]
    public async Task Service_defaults_under_an_AppHost()
    {
        await using var dashboard = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        (string, string?)[] fromAppHost = [("OTEL_EXPORTER_OTLP_ENDPOINT", $"{dashboard.GrpcEndpoint}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_SERVICE_NAME", "light")];
        var lines = await Run(["--Defaults=true"], fromAppHost);
        Assert.AreEqual(Started($"{dashboard.GrpcEndpoint} (grpc)") + Joined, lines);
        Sees(dashboard, "light");

        // With the README's variables in the shell that has started the AppHost, traces go there.
        lines = await Run(["--Defaults=true"], [.. fromAppHost, ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.HttpEndpoint}v1/traces"), ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf")]);
        Assert.AreEqual(Started($"{collector.HttpEndpoint}v1/traces (http/protobuf)") + Joined, lines);
        Sees(collector, "light");
    }

    /// <summary>What the app takes over from the agent and cannot send is not lost in silence.</summary>
    [TestMethod]
    public async Task A_hand_over_to_what_cannot_send()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var lines = await Run(["--Defaults=true"], ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{collector.HttpEndpoint}"));
        Assert.AreEqual(Started($"{collector.HttpEndpoint}v1/traces (http/protobuf)") + Joined
            + $"Agent 0.1.0: the app's OpenTelemetry cannot send spans (grpc to {collector.HttpEndpoint.GetLeftPart(UriPartial.Authority)}), and the agent's are among them. With AGENT_APP_SDK=separate the agent sends its own.\n", lines);

        lines = await Run(["--Defaults=true"], ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{collector.HttpEndpoint}"), ("AGENT_APP_SDK", "separate"));
        Assert.AreEqual(Started($"{collector.HttpEndpoint}v1/traces (http/protobuf)")
            + "Agent 0.1.0: the app has an OpenTelemetry of its own (1.20.1): both send their spans (AGENT_APP_SDK=separate).\n", lines);
        Sees(collector, "Lighthouse");
    }

    [TestMethod]
    public async Task An_address_without_its_path()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var address = collector.HttpEndpoint.ToString().TrimEnd('/');
        var lines = await Run([], ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", address));
        Assert.AreEqual(Started($"{address} (http/protobuf)") + "Agent 0.1.0: spans cannot be sent (otlp): HTTP status 404 Not Found; OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is used as it is, "
            + "and does not end in /v1/traces. They are dropped until they can be; the app goes on.\n", lines);
    }

    /// <summary>Serilog's sink prefers OTEL_EXPORTER_OTLP_ENDPOINT to what the code says; the variable for traces moves no log.</summary>
    [TestMethod]
    public async Task Logs_go_where_the_app_sends_them()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var logs = RequestCollector.Start();
        await Run([$"--Otlp={logs.Address}"], ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.HttpEndpoint}v1/traces"));
        Assert.AreEqual("/v1/logs", logs.Requests.Single().Path);
        StringAssert.Contains(Encoding.UTF8.GetString(logs.Requests.Single().Body), "has passed");
    }

    /// <summary>What sends telemetry does no work of the app's: there is a trace for each request, and no other.</summary>
    [TestMethod]
    [DataRow("HttpProtobuf")]
    [DataRow("Grpc")]
    public async Task Calls_of_telemetry_clients_are_no_traces(string protocol)
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var sentry = RequestCollector.Start();
        await using var seq = RequestCollector.Start();
        await using var otlp = RequestCollector.Start(protocol == "Grpc" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        await using var harbour = RequestCollector.Start();
        string[] args = [$"--Sentry=http://key@{sentry.Authority}/1", $"--Seq={seq.Address}", $"--Otlp={otlp.Address}", $"--OtlpProtocol={protocol}", $"--Harbour={harbour.Address}"];
        await Run(args, ["ships/vega", "storm", "harbour"], ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.HttpEndpoint}v1/traces"));
        foreach (var (client, path) in new[] { (sentry, "/api/1/envelope/"), (seq, "/api/events/raw"), (otlp, protocol == "Grpc" ? "/opentelemetry.proto.collector.logs.v1.LogsService/Export" : "/v1/logs") })
            Assert.IsTrue(client.Requests.Count > 0 && client.Requests.All(request => request.Path == path), string.Join(", ", client.Requests.Select(request => request.Path)));
        Assert.AreEqual("""
            GET /ships/{name}, middleware Sentry, middleware SentryTracing, endpoint /ships/{name}
            GET /storm, middleware Sentry, middleware SentryTracing, endpoint /storm
            GET /harbour, middleware Sentry, middleware SentryTracing, endpoint /harbour, GET
            """, Names(collector));
    }

    /// <summary>The user names more of them.</summary>
    [TestMethod]
    public async Task Calls_to_ignored_addresses()
    {
        await using var collector = await OtlpReceiver.StartAsync(new OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var harbour = RequestCollector.Start();
        (string, string?)[] settings = [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{collector.HttpEndpoint}v1/traces"), ("AGENT_IGNORE_URLS", "/berths,*/BERTHS")];
        var lines = await Run([$"--Harbour={harbour.Address}"], ["harbour"], settings);
        Assert.AreEqual("Agent 0.1.0: AGENT_IGNORE_URLS: /berths is not accepted (a whole address without a query, with * for any characters, such as https://logs.example.com/* or */beacon); "
            + "it is left out.\n" + Started($"{collector.HttpEndpoint}v1/traces (http/protobuf)"), lines);
        Assert.AreEqual("GET /harbour, endpoint /harbour", Names(collector));
        Assert.AreEqual("/berths", harbour.Requests.Single().Path);
    }

    /// <summary>
    /// Azure Monitor keeps exceptions of spans and of log records in one place. The record of an unhandled exception is there without the agent, so the span does
    /// not tell of it again; that it has failed, and of what, it says. On .NET 11 the exporter drops the record, and the span tells of it.
    /// </summary>
    [TestMethod]
    public async Task Azure_Monitor_is_told_of_an_exception_once()
    {
        await using var azure = RequestCollector.Start();
        await Run([$"--AzureMonitor=InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={azure.Address}"], ["storm"], ("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true"));
        var items = azure.Requests.Where(request => request.Path == "/v2.1/track").SelectMany(request => Unzipped(request).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => JsonNode.Parse(line)!).ToList();
        var exceptions = items.Where(item => (string?)item["data"]!["baseType"] == "ExceptionData").ToList();
        Assert.HasCount(1, exceptions, string.Join('\n', items));
        StringAssert.Contains(exceptions[0].ToJsonString(), "the lamp is out");
        var spans = items.Where(item => (string?)item["data"]!["baseType"] is "RequestData" or "RemoteDependencyData").Select(item => (string?)item["data"]!["baseData"]!["name"]);
        Assert.AreEqual("GET /storm, endpoint /storm", string.Join(", ", spans.Reverse()));
    }

    static string Unzipped(CollectedRequest request)
    {
        if (!request.Headers.TryGetValue("Content-Encoding", out var encoding) || encoding != "gzip")
            return Encoding.UTF8.GetString(request.Body);
        using var body = new StreamReader(new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress));
        return body.ReadToEnd();
    }

    const string Joined = "Agent 0.1.0: the app has an OpenTelemetry of its own (1.20.1): from now on the agent's spans go where it sends them (AGENT_APP_SDK=join).\n";

    static string Started(string place) => $"Agent 0.1.0: tracing Lighthouse (Production), traces go to {place}.\n";

    static void Sees(OtlpReceiver collector, string service)
    {
        Assert.AreEqual("GET /ships/{name}, endpoint /ships/{name}", Names(collector));
        Assert.AreEqual<object?>(service, collector.Spans.Select(span => span.Resource["service.name"]).Distinct().Single());
    }

    /// <summary>Of all spans, a line for each trace.</summary>
    static string Names(OtlpReceiver collector) => string.Join('\n', Viewer.Trace.Group(collector.Spans).Select(trace => string.Join(", ", trace.Nodes.Select(node => node.Span.Name))));

    static Task<string> Run(string[] args, params (string, string?)[] environment) => Run(args, ["ships/vega"], environment);

    /// <summary>Starts the app, asks it, stops it.</summary>
    /// <returns>What the agent has said.</returns>
    static async Task<string> Run(string[] args, string[] paths, params (string, string?)[] environment)
    {
        await using var app = TestApp.Start("Lighthouse", ["--urls", "http://127.0.0.1:0", .. args], [("DOTNET_STARTUP_HOOKS", Places.Hook), .. environment]);
        using var client = new HttpClient { BaseAddress = await app.Listening };
        foreach (var path in paths)
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.AreEqual(path == "storm" ? HttpStatusCode.InternalServerError : HttpStatusCode.OK, response.StatusCode);
        }
        var ended = await app.Stop();
        Assert.AreEqual(0, ended.ExitCode, ended.Error);
        return ended.Error;
    }
}
