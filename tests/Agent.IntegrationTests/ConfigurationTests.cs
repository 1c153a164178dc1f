using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Agent.IntegrationTests;

/// <summary>The standard variables and agent.json, as they arrive at the receivers.</summary>
[TestClass]
public sealed class ConfigurationTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("agent-configuration").FullName;

    [TestCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public async Task The_apps_own_spans_without_limits()
    {
        var (spans, _) = await Sort();
        Snapshot.Matches(spans);
    }

    [TestMethod]
    public async Task Limits_cut_attributes_events_and_links()
    {
        var (spans, _) = await Sort(
            ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "2"), ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "9"), ("OTEL_SPAN_EVENT_COUNT_LIMIT", "2"), ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "1"),
            ("OTEL_SPAN_LINK_COUNT_LIMIT", "1"));
        Snapshot.Matches(spans);
    }

    [TestMethod]
    public async Task Limits_from_the_file_are_the_same()
    {
        var file = Write("""{ "OTEL_ATTRIBUTE_COUNT_LIMIT": 1, "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT": 4, "OTEL_SPAN_EVENT_COUNT_LIMIT": 1, "OTEL_SPAN_LINK_COUNT_LIMIT": 0 }""");
        var (spans, ended) = await Sort(("AGENT_CONFIG_FILE", file), ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "5"));
        Snapshot.Matches(spans);
        Assert.HasCount(1, ended.Error.Trim().Split('\n'), ended.Error);
    }

    [TestMethod]
    [DataRow("""{ "OTEL_TRACES_SAMPLER": "always_off" }""", "", 0)]
    [DataRow("""{ "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": 0 }""", "", 0)]
    [DataRow("""{ "OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": 2 }""", "OTEL_TRACES_SAMPLER_ARG=2 is not accepted (a number from 0 to 1); using 1.", 2)]
    [DataRow("""{ "OTEL_TRACES_EXPORTER": "none" }""", "", 0)]
    [DataRow("""{ "OTEL_DOTNET_AUTO_TRACES_ENABLED": false }""", "not tracing this process: OTEL_DOTNET_AUTO_TRACES_ENABLED=false.", 0)]
    [DataRow("""{ "OTEL_SDK_DISABLED": true }""", "not tracing this process: OTEL_SDK_DISABLED=true.", 0)]
    [DataRow("""{ "AGENT_ENVIRONMENTS": "preview-*" }""", "not tracing this process: the environment Production is not in AGENT_ENVIRONMENTS=preview-*.", 0)]
    [DataRow("""{ "OTEL_SERVICE_NAME": "x", }, """, "agent.json cannot be read (line 1, character 30 is not as in JSON); using the environment alone.", 2)]
    public async Task File_decides_too(string json, string said, int count)
    {
        var (spans, ended) = await Sort(("AGENT_CONFIG_FILE", Write(json)));
        Assert.HasCount(count, spans.SelectMany(trace => trace.Nodes));
        Assert.AreEqual((7, "sorted"), (ended.ExitCode, ended.Output));
        StringAssert.Contains(ended.Error, said);
        Assert.HasCount(said.Contains("is not accepted", StringComparison.Ordinal) || said.Contains("cannot be read", StringComparison.Ordinal) ? 2 : 1, ended.Error.Trim().Split('\n'), ended.Error);
    }

    [TestMethod]
    public async Task File_beside_the_app()
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Places.TestApp("Courier"))!))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        await File.WriteAllTextAsync(Path.Combine(_folder, "agent.json"), """{ "OTEL_TRACES_EXPORTER": "none", "OTEL_LOG_LEVEL": "warn" }""");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(_folder, "Courier.dll")]) { WorkingDirectory = Path.GetTempPath() };
        await using var app = TestApp.Start(start, ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_LOG_LEVEL", "info"));
        var ended = await app.End();
        Assert.AreEqual((7, "Agent 0.1.0: tracing Courier (Production), traces go nowhere (OTEL_TRACES_EXPORTER=none).\n"), (ended.ExitCode, ended.Error));
    }

    [TestMethod]
    public async Task Without_a_file_nothing_is_loaded_to_read_one()
    {
        Assert.IsFalse(await LoadsJson(("AGENT_CONFIG_FILE", null)));
        Assert.IsTrue(await LoadsJson(("AGENT_CONFIG_FILE", Write("{}"))), "otherwise the test above proves nothing");

        static async Task<bool> LoadsJson(params (string, string?)[] environment)
        {
            await using var app = TestApp.Start("Courier", ["end", "by a signal"], [("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_TRACES_EXPORTER", "none"), .. environment]);
            await app.FirstLine;
            return (await File.ReadAllTextAsync($"/proc/{app.Id}/maps")).Contains("System.Text.Json.dll", StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public async Task Console_and_zipkin_and_otlp_at_once()
    {
        await using var otlp = RequestCollector.Start();
        await using var zipkin = RequestCollector.Start();
        var ended = await Run("sort", ("OTEL_TRACES_EXPORTER", "console,zipkin,otlp"), ("OTEL_EXPORTER_OTLP_ENDPOINT", otlp.Address), ("OTEL_EXPORTER_ZIPKIN_ENDPOINT", zipkin.Address + "/api/v2/spans"));
        Assert.AreEqual($"Agent 0.1.0: tracing Courier (Production), traces go to standard output (console) and to {zipkin.Address}/api/v2/spans (zipkin) and to {otlp.Address}/v1/traces (http/protobuf).\n", ended.Error);
        StringAssert.Contains(ended.Output, "Activity.DisplayName:        sort");
        StringAssert.EndsWith(ended.Output, "\nsorted");
        var request = zipkin.Requests.Single();
        Assert.AreEqual("/api/v2/spans", request.Path);
        using var spans = JsonDocument.Parse(request.Body);
        CollectionAssert.AreEquivalent(new[] { "sort", "Courier.Weigh" }, spans.RootElement.EnumerateArray().Select(span => span.GetProperty("name").GetString()).ToArray());
        Assert.AreEqual("Courier", spans.RootElement[0].GetProperty("localEndpoint").GetProperty("serviceName").GetString());
        Assert.IsTrue(Has(otlp.Requests.Single().Body, "sort"));
    }

    [TestMethod]
    public async Task Headers_and_compression()
    {
        await using var collector = RequestCollector.Start();
        await Run("sort", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address + "/all"), ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"), ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20abc==,x-tags=a%2Cb"));
        var request = collector.Requests.Single();
        Assert.AreEqual(("/all/v1/traces", "gzip", "Bearer abc==", "a,b"), (request.Path, request.Headers["Content-Encoding"], request.Headers["authorization"], request.Headers["x-tags"]));
        using var body = new MemoryStream();
        await using (var gzip = new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress))
            await gzip.CopyToAsync(body);
        Assert.IsTrue(Has(body.ToArray(), "Courier.Weigh"));
    }

    [TestMethod]
    [DataRow("http/protobuf", "")]
    [DataRow("grpc", "")]
    [DataRow("http/protobuf", "TRACES_")]
    [DataRow("grpc", "TRACES_")]
    public async Task Certificates_of_both_sides(string protocol, string signal)
    {
        using var certificates = new Certificates();
        await using var collector = RequestCollector.Start(protocol == "grpc" ? HttpProtocols.Http2 : HttpProtocols.Http1, certificates.Server, certificates.Authority);
        (string, string?)[] trusted =
        [
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol), ("OTEL_EXPORTER_OTLP_ENDPOINT", protocol == "grpc" ? collector.Authority : collector.Address), // without a scheme gRPC is secure
            ($"OTEL_EXPORTER_OTLP_{signal}CERTIFICATE", certificates.AuthorityFile),
        ];
        (string, string?)[] own = [($"OTEL_EXPORTER_OTLP_{signal}CLIENT_CERTIFICATE", certificates.ClientFile), ($"OTEL_EXPORTER_OTLP_{signal}CLIENT_KEY", certificates.ClientKeyFile)];

        await Run("sort", trusted); // the collector wants to know who we are
        await Run("sort", [.. trusted[..2], .. own]); // we do not know the collector
        Assert.IsEmpty(collector.Requests);
        await Run("sort", [.. trusted, .. own, ("OTEL_EXPORTER_OTLP_HEADERS", "x-team=shop")]);
        var request = collector.Requests.Single();
        Assert.AreEqual("CN=storefront", request.Client);
        Assert.AreEqual("shop", request.Headers["x-team"]);
        Assert.AreEqual(protocol == "grpc" ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces", request.Path);
        Assert.IsTrue(Has(request.Body, "Courier.Weigh"));
    }

    [TestMethod]
    public async Task A_certificate_for_another_host_is_not_trusted()
    {
        using var certificates = new Certificates();
        await using var collector = RequestCollector.Start(certificate: certificates.Server);
        await Run("sort", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)), ("OTEL_EXPORTER_OTLP_CERTIFICATE", certificates.AuthorityFile));
        Assert.IsEmpty(collector.Requests);
        await Run("sort", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_CERTIFICATE", certificates.AuthorityFile));
        Assert.HasCount(1, collector.Requests);
    }

    [TestMethod]
    public async Task Wrong_certificates_are_said_and_the_app_starts()
    {
        using var certificates = new Certificates();
        var empty = certificates.Write("empty.pem", "");
        var ended = await Run("", ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://localhost:4318"), ("OTEL_EXPORTER_OTLP_CERTIFICATE", empty), ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "/missing.pem"));
        Assert.AreEqual((7, "nothing to do"), (ended.ExitCode, ended.Output));
        CollectionAssert.AreEqual(new[]
        {
            $"Agent 0.1.0: OTEL_EXPORTER_OTLP_CERTIFICATE={empty} is not accepted (it has no certificate in PEM form); using the system's certificate authorities.",
            "Agent 0.1.0: OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE=/missing.pem is not accepted (Could not find file '/missing.pem'); using no client certificate.",
            "Agent 0.1.0: tracing Courier (Production), traces go to https://localhost:4318/v1/traces (http/protobuf).",
        }, ended.Error.Trim().Split('\n'));
    }

    [TestMethod]
    [DataRow("", 1)]
    [DataRow("true", 1)]
    [DataRow("false", 0)]
    public async Task Spans_of_an_app_that_an_exception_ends(string flush, int count)
    {
        await using var collector = RequestCollector.Start();
        var ended = await Run($"fetch http://127.0.0.1:{TestApp.FreePort()}", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_DOTNET_AUTO_FLUSH_ON_UNHANDLEDEXCEPTION", flush));
        Assert.AreEqual(134, ended.ExitCode);
        Assert.HasCount(count, collector.Requests);
    }

    [TestMethod]
    public async Task Spans_are_sent_after_the_delay()
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        await using var shop = TestApp.Start("Storefront", ["--urls", "http://127.0.0.1:0"],
            ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()), ("OTEL_BSP_SCHEDULE_DELAY", "50"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1"));
        using var client = new HttpClient { BaseAddress = await shop.Listening };
        await client.GetStringAsync(new Uri("/ping", UriKind.Relative));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(4)); // the usual delay is 5 s
        await collector.WaitForAsync(spans => spans.Any(span => span.Kind == Viewer.SpanKind.Server), patience.Token);
        Assert.AreEqual(collector.Spans.Count, collector.RequestsReceived, "each span in a request of its own");
    }

    [TestMethod]
    public async Task The_resource_can_be_chosen()
    {
        var (spans, _) = await Sort(("OTEL_RESOURCE_ATTRIBUTES", "team=caf%C3%A9,service.version=a+b,service.name=other"), ("OTEL_SERVICE_NAME", "parcels"), ("OTEL_DOTNET_AUTO_RESOURCE_DETECTOR_ENABLED", "false"),
            ("OTEL_DOTNET_AUTO_HOST_RESOURCE_DETECTOR_ENABLED", "true"));
        var resource = spans[0].Nodes[0].Span.Resource;
        Assert.AreEqual(("café", "a+b", "parcels"), (resource["team"], resource["service.version"], resource["service.name"]));
        CollectionAssert.AreEquivalent(
            new[]
            {
                "team", "service.name", "service.version", "service.instance.id", "deployment.environment.name", "host.name", "host.arch",
                "telemetry.distro.name", "telemetry.distro.version", "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version",
            }, resource.Keys.ToArray());
    }

    static async Task<(IReadOnlyList<Viewer.Trace> Spans, EndedApp App)> Sort(params (string, string?)[] environment)
    {
        await using var collector = await Viewer.OtlpReceiver.StartAsync(new Viewer.OtlpReceiverOptions { HttpPort = 0, GrpcPort = 0 });
        var ended = await Run("sort", [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()), .. environment]);
        return (Viewer.Trace.Group(collector.Spans), ended);
    }

    static async Task<EndedApp> Run(string arguments, params (string, string?)[] environment)
    {
        await using var app = TestApp.Start("Courier", arguments.Split(' '),
        [
            ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES", "Courier"), ("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_LEGACY_SOURCES", "Courier.Weigh"), .. environment,
        ]);
        return await app.End();
    }

    static bool Has(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    string Write(string json)
    {
        var path = Path.Combine(_folder, "agent.json");
        File.WriteAllText(path, json);
        return path;
    }
}
