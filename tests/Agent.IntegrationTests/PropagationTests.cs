using System.Net;

namespace Agent.IntegrationTests;

/// <summary>One trace across processes: the caller's context is taken up, and handed on by HttpClient.</summary>
[TestClass]
public sealed class PropagationTests
{
    const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    const string CallerSpanId = "b7ad6b7169203331";

    [TestMethod]
    [DataRow("http/protobuf")]
    [DataRow("grpc")]
    public async Task The_callers_trace_goes_on_to_the_service_that_the_app_calls(string protocol)
    {
        await using var shop = await TracedApp.Start("Storefront", ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/Products/1") { Headers = { { "traceparent", $"00-{TraceId}-{CallerSpanId}-01" } } };
        using var response = await shop.Client.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        var trace = (await shop.Stop()).Traces.Single();

        Assert.AreEqual(TraceId, trace.TraceId);
        var root = trace.Roots.Single();
        Assert.AreEqual("GET Products/{id:int}", root.Span.Name);
        Assert.AreEqual(CallerSpanId, root.Span.ParentSpanId);
        Assert.IsTrue(root.Span.ParentIsRemote);
        var outgoing = trace.Nodes.Single(node => node.Span.Kind == Viewer.SpanKind.Client && node.Span.Name == "GET");
        Assert.AreEqual("page /Products/Details OnGetAsync", outgoing.Parent?.Span.Name);
        Assert.AreEqual("GET /api/stock/{sku}", outgoing.Children.Single().Span.Name);
    }

    [TestMethod]
    [DataRow("b3", "b3", $"{TraceId}-{CallerSpanId}-1")]
    [DataRow("b3multi,baggage", "X-B3-TraceId", TraceId)]
    [DataRow("jaeger", "uber-trace-id", $"{TraceId}:{CallerSpanId}:0:1")]
    [DataRow("xray", "X-Amzn-Trace-Id", "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1")]
    [DataRow("tracecontext,b3", "b3", $"{TraceId}-{CallerSpanId}-1")]
    public async Task Other_formats_go_in_and_out(string propagators, string header, string value)
    {
        await using var shop = await TracedApp.Start("Storefront", ("OTEL_PROPAGATORS", propagators));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/Products/1") { Headers = { { header, value } } };
        if (header == "X-B3-TraceId")
            request.Headers.Add("X-B3-SpanId", CallerSpanId);
        using var response = await shop.Client.SendAsync(request);
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        var trace = (await shop.Stop()).Traces.Single();

        Assert.AreEqual(TraceId, trace.TraceId);
        var root = trace.Roots.Single();
        Assert.AreEqual(CallerSpanId, root.Span.ParentSpanId);
        Assert.IsTrue(root.Span.ParentIsRemote);
        var outgoing = trace.Nodes.Single(node => node.Span.Kind == Viewer.SpanKind.Client && node.Span.Name == "GET");
        Assert.AreEqual("GET /api/stock/{sku}", outgoing.Children.Single().Span.Name);
    }

    [TestMethod]
    [DataRow("none", "")]
    [DataRow("b3", "b3")]
    [DataRow("b3multi", "X-B3-Sampled X-B3-SpanId X-B3-TraceId")]
    [DataRow("tracecontext,jaeger", "traceparent uber-trace-id")]
    [DataRow("", "traceparent")]
    public async Task Only_the_chosen_formats_are_sent(string propagators, string expected) => Assert.AreEqual(expected, await HeadersSent("fetch", propagators));

    /// <summary>What the app sets itself is the only one.</summary>
    [TestMethod]
    [DataRow("")]
    [DataRow("b3,baggage")]
    [DataRow("none")]
    public async Task An_apps_own_propagator_wins(string propagators) => Assert.AreEqual("waybill", await HeadersSent("hand", propagators));

    static async Task<string> HeadersSent(string what, string propagators)
    {
        using var site = new HttpListener();
        var address = $"http://127.0.0.1:{TestApp.FreePort()}/";
        site.Prefixes.Add(address);
        site.Start();
        await using var app = TestApp.Start("Courier", [what, address], ("DOTNET_STARTUP_HOOKS", Places.Hook), ("OTEL_TRACES_EXPORTER", "none"), ("OTEL_PROPAGATORS", propagators));
        var request = await site.GetContextAsync();
        request.Response.Close();
        Assert.AreEqual(7, (await app.End()).ExitCode);
        return string.Join(' ', request.Request.Headers.AllKeys.Where(name => name is not "Host").Order(StringComparer.Ordinal));
    }

    [TestMethod]
    [DataRow("none")]
    [DataRow("b3")]
    public async Task A_format_that_is_not_chosen_is_not_read(string propagators)
    {
        await using var shop = await TracedApp.Start("Storefront", ("OTEL_PROPAGATORS", propagators));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ping") { Headers = { { "traceparent", $"00-{TraceId}-{CallerSpanId}-01" } } };
        using var response = await shop.Client.SendAsync(request);
        Assert.AreNotEqual(TraceId, (await shop.Stop()).Traces.Single().TraceId);
    }

    [TestMethod]
    public async Task A_caller_that_does_not_sample_is_respected()
    {
        await using var shop = await TracedApp.Start("Storefront");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/Products/1") { Headers = { { "traceparent", $"00-{TraceId}-{CallerSpanId}-00" } } };
        using var response = await shop.Client.SendAsync(request);
        Assert.IsEmpty((await shop.Stop()).Traces);
    }

    [TestMethod]
    public async Task The_resource_says_who_the_spans_are_from()
    {
        await using var shop = await TracedApp.Start("Storefront", ("OTEL_RESOURCE_ATTRIBUTES", "team=shop,deployment.environment.name=pr-42"), ("ASPNETCORE_ENVIRONMENT", "Staging"));
        await Storefront.Get(shop.Client, "/ping");
        var resource = (await shop.Stop()).Traces.Single().Roots.Single().Span.Resource;
        Assert.AreEqual("Storefront", resource["service.name"]);
        Assert.AreEqual("0.1.0", resource["service.version"]);
        Assert.AreEqual("shop", resource["team"]);
        Assert.AreEqual("pr-42", resource["deployment.environment.name"]);
        Assert.AreEqual("agent", resource["telemetry.distro.name"]);
        Assert.AreEqual("opentelemetry", resource["telemetry.sdk.name"]);
        Assert.AreEqual(Environment.MachineName, resource["host.name"]);
        foreach (var key in (string[])["service.instance.id", "process.pid", "process.runtime.version", "os.type", "host.arch", "telemetry.distro.version"])
            Assert.IsTrue(resource.ContainsKey(key), key);
    }

    [TestMethod]
    public async Task The_service_can_be_named()
    {
        await using var shop = await TracedApp.Start("Storefront", ("OTEL_SERVICE_NAME", "shop-preview"));
        await Storefront.Get(shop.Client, "/ping");
        Assert.AreEqual("shop-preview", (await shop.Stop()).Traces.Single().Roots.Single().Span.Resource["service.name"]);
    }
}
