using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Agent.Viewer.Protos;
using Agent.Viewer.Storage;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Agent.Viewer.Tests.Holding;

/// <summary>A viewer on free ports that gets what no exporter sends, and is asked for everything afterwards.</summary>
sealed class Held : IAsyncDisposable
{
    /// <summary>What nothing on this machine needs, however loaded it is.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly CancellationToken _stop;

    Held(ViewerServer server, CancellationToken stop)
    {
        (Server, _stop) = (server, stop);
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Endpoint, Timeout = Patience };
    }

    public ViewerServer Server { get; }

    public HttpClient Client { get; }

    public static async Task<Held> StartAsync(TestContext context, ViewerOptions? options = null) =>
        new(await ViewerServer.StartAsync((options ?? new ViewerOptions()) with { Port = 0, HttpPort = 0, GrpcPort = 0 }, context.CancellationToken), context.CancellationToken);

    /// <summary>The patterns of all paths on the web port that can be got.</summary>
    public IEnumerable<string> Patterns
    {
        get
        {
            var server = (WebApplication)typeof(ViewerServer).GetField("_server", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(Server)!;
            return server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .Where(static route => route.Metadata.GetMetadata<IHttpMethodMetadata>() is not { HttpMethods.Count: > 0 } methods || methods.HttpMethods.Contains("GET"))
                .Select(static route => "/" + route.RoutePattern.RawText!.TrimStart('/'));
        }
    }

    /// <summary>Posts to /v1/traces: status, content type and body.</summary>
    public async Task<(int Status, string Type, byte[] Body)> PostAsync(byte[] body, string type = "application/x-protobuf", string? encoding = null, string path = "/v1/traces")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var answer = await Client.PostAsync(new Uri(Server.HttpEndpoint, path), content, _stop);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsByteArrayAsync(_stop));
    }

    /// <summary>What was refused of a request that is taken.</summary>
    public async Task<(long Rejected, string Message)> SendAsync(ExportTraceServiceRequest request) => await SendAsync(request.ToByteArray());

    public async Task<(long Rejected, string Message)> SendAsync(byte[] request)
    {
        var (status, _, body) = await PostAsync(request);
        Assert.AreEqual(200, status, Encoding.UTF8.GetString(body));
        var partial = ExportTraceServiceResponse.Parser.ParseFrom(body).PartialSuccess;
        return (partial?.RejectedSpans ?? 0, partial?.ErrorMessage ?? "");
    }

    public async Task<(int Status, string Type, string Text)> GetAsync(string path, bool isLookedInto = true)
    {
        using var answer = await Client.GetAsync(new Uri(path, UriKind.Relative), _stop);
        var text = await answer.Content.ReadAsStringAsync(_stop);
        var type = answer.Content.Headers.ContentType?.MediaType ?? "";
        Assert.AreNotEqual(500, (int)answer.StatusCode, $"{path}: {text}");
        if (type == "text/html")
            Page(path, text, isLookedInto);
        else if (type == "application/json")
            Json(path, text);
        return ((int)answer.StatusCode, type, text);
    }

    /// <summary>Asks every page and API for everything that is held; each answers with 200, valid HTML or valid JSON.</summary>
    /// <param name="traces">How many traces are held.</param>
    /// <param name="spans">How many of each trace's spans are asked for on their own.</param>
    public async Task AskEverythingAsync(int traces, int spans = 5)
    {
        Assert.AreEqual(traces, Server.Store.State.Traces);
        var asked = new HashSet<string>();
        var all = JsonElement.Parse(await OkAsync("/api/v3/trace-summaries?query.startTimeMin=1970-01-01T00:00:00Z&query.startTimeMax=9999-12-31T23:59:59Z&query.searchDepth=1000"))
            .GetProperty("summaries").EnumerateArray().ToList();
        string[] ids = [.. all.Select(static trace => trace.GetProperty("traceId").GetString()!)];
        Assert.HasCount(traces, ids, "Every trace is in a search that has no limits.");
        foreach (var order in Enum.GetNames<TraceOrder>())
        {
            var list = await OkAsync($"/?order={order}");
            foreach (var id in ids.Length > 100 ? [] : ids)
                Assert.Contains($"/trace/{id}", list, $"{order} lists all.");
        }

        foreach (var path in (string[])["/", "/live", "/routes", "/map", "/compare", "/api/otlp/traces", "/api/traces", "/api/services", "/api/v3/services", "/api/dependencies", "/?q=text&hide=start,noise",
            "/?q=duration>0ns", "/assets/viewer.css", "/assets/viewer.js", "/assets/icon.svg",
            "/api/v3/traces?query.startTimeMin=1970-01-01T00:00:00Z&query.startTimeMax=9999-12-31T23:59:59Z"])
        {
            if (traces > 0 || !path.StartsWith("/api/v3/traces", StringComparison.Ordinal))
                await OkAsync(path);
        }

        foreach (var id in ids.Take(50))
        {
            foreach (var path in (string[])[$"/trace/{id}", $"/trace/{id}?open=all&find=a", $"/trace/{id}/find?q=a", $"/trace/{id}/rows", $"/trace/{id}?rows=all", $"/api/traces/{id}", $"/api/v3/traces/{id}", $"/api/otlp/traces/{id}", $"/compare?a={id}",
                $"/compare?a={id}&b={ids[0]}", $"/compare?a={ids[0]}&b={id}", $"/?q=trace={id}"])
                await OkAsync(path);
            foreach (var node in Server.Store.Find(id)!.Nodes.Take(spans))
            {
                await OkAsync($"/trace/{id}?span={node.Span.SpanId}");
                await OkAsync($"/trace/{id}/span/{node.Span.SpanId}");
                await OkAsync($"/trace/{id}/span/{node.Span.SpanId}/json");
            }
        }

        foreach (var service in Server.Store.Services().Take(20))
        {
            await OkAsync($"/api/operations?service={Uri.EscapeDataString(service)}");
            await OkAsync($"/api/v3/operations?service={Uri.EscapeDataString(service)}");
            if (!service.Contains('\0', StringComparison.Ordinal)) // no server takes a path with it
                await OkAsync($"/api/services/{Uri.EscapeDataString(service)}/operations");
            await OkAsync($"/api/traces?service={Uri.EscapeDataString(service)}");
        }

        foreach (var route in Server.Store.Routes(new TraceQuery()).Take(20))
        {
            var names = $"service={Uri.EscapeDataString(route.Service)}&name={Uri.EscapeDataString(route.Name)}";
            if (names.Length > 6000)
                continue; // longer than an address may be
            await OkAsync($"/route?{names}");
            var (status, _, text) = await GetAsync($"/compare?{names}&at=2026-01-02T03:04:05Z");
            Assert.IsTrue(status is 200 or 404, text);
        }

        await AskToolsAsync(ids);
        // Whoever adds a path adds it here, too.
        Assert.AreEqual("", string.Join(' ', Patterns.Where(static pattern => !IsAsked(pattern))));

        async Task<string> OkAsync(string path)
        {
            var (status, _, text) = await GetAsync(path);
            Assert.AreEqual(200, status, $"{path}: {text[..Math.Min(500, text.Length)]}");
            return text;
        }
    }

    public async Task<string> CallAsync(McpClient client, string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await client.CallToolAsync(tool, arguments.ToDictionary(static pair => pair.Name, static pair => pair.Value), cancellationToken: _stop);
        var text = string.Concat(result.Content.OfType<TextContentBlock>().Select(static block => block.Text));
        Assert.IsFalse(text.Any(static c => char.IsControl(c) && c != '\n'), $"{tool} hands on control characters.");
        Assert.DoesNotEndWith($"An error occurred invoking '{tool}'.", text, string.Join(' ', arguments)); // what the SDK says instead of an exception
        return (result.IsError == true ? "error: " : "") + text;
    }

    public Task<McpClient> ConnectAsync() => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(Server.Endpoint, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }), cancellationToken: _stop);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    async Task AskToolsAsync(string[] ids)
    {
        await using var client = await ConnectAsync();
        foreach (var tool in (string[])["list_services", "list_routes", "search_traces", "find_errors"])
            Assert.DoesNotStartWith("error: ", await CallAsync(client, tool), tool);
        foreach (var id in ids.Take(50))
        {
            Assert.DoesNotStartWith("error: ", await CallAsync(client, "get_trace", ("trace_id", id)));
            Assert.DoesNotStartWith("error: ", await CallAsync(client, "compare_traces", ("trace_id", id), ("other_trace_id", ids[0])));
            Assert.DoesNotStartWith("error: ", await CallAsync(client, "get_span", ("trace_id", id), ("span_id", Server.Store.Find(id)!.Nodes[^1].Span.SpanId)));
        }

        foreach (var route in Server.Store.Routes(new TraceQuery()).Take(20))
        {
            Assert.DoesNotStartWith("error: ", await CallAsync(client, "slowest_spans", ("route", route.Name), ("service", route.Service)));
            await CallAsync(client, "compare_route", ("route", route.Name), ("service", route.Service), ("since", "2026-01-02T03:04:05Z"));
        }
    }

    static bool IsAsked(string pattern) => pattern is "/" or "/live" or "/trace/{id}" or "/trace/{id}/span/{span}" or "/trace/{id}/span/{span}/json" or "/trace/{id}/find" or "/trace/{id}/rows" or "/routes" or "/route" or "/compare"
        or "/map" or "/api/otlp/traces" or "/api/otlp/traces/{id}" or "/mcp" or "/api/services" or "/api/services/{service}/operations" or "/api/operations" or "/api/traces" or "/api/traces/{id}"
        or "/api/dependencies" or "/api/metrics/{**path}" or "/api/{**path}" or "/api/v3/services" or "/api/v3/operations" or "/api/v3/trace-summaries" or "/api/v3/traces" or "/api/v3/traces/{id}"
        or "/api/v3/{**path}" or "/assets/viewer.css" or "/assets/viewer.js" or "/assets/icon.svg" or "/{unimplementedService}/{unimplementedMethod:grpcunimplemented}"
        || pattern.StartsWith("/opentelemetry.proto.", StringComparison.Ordinal);

    /// <summary>A page that nothing from outside has a hand in: no script, handler, address or element but ours.</summary>
    static void Page(string path, string text, bool isLookedInto)
    {
        Assert.IsFalse(text.Any(static c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')), $"{path} hands on control characters.");
        Assert.DoesNotContain("<planted", text, path);
        if (!isLookedInto)
            return;
        var errors = new List<string>();
        var parser = new HtmlParser(new HtmlParserOptions { IsStrictMode = false });
        parser.Error += (_, e) => errors.Add(((AngleSharp.Html.Dom.Events.HtmlErrorEvent)e).Message);
        using var page = parser.ParseDocument(text);
        // What changes in a page comes as a part of one.
        Assert.AreEqual("", string.Join(", ", errors.Distinct().Where(error => error != "The doctype tag is missing." || text.StartsWith("<!", StringComparison.Ordinal))), path);
        foreach (var element in page.All)
        {
            if (element.LocalName is "style" or "iframe" or "object" or "embed" or "base" or "planted" || element.LocalName == "script" && element.GetAttribute("src") != "/assets/viewer.js" || element.LocalName == "script" && element.TextContent.Length > 0)
                Assert.Fail($"{path} has {element.OuterHtml[..Math.Min(300, element.OuterHtml.Length)]}");
            foreach (var attribute in element.Attributes)
            {
                if (attribute.Name is "x" or "y" or "width" or "height" or "d" or "viewBox")
                    Assert.IsFalse(attribute.Value.Contains("NaN", StringComparison.Ordinal) || attribute.Value.Contains('∞', StringComparison.Ordinal) || attribute.Value.Contains("E+", StringComparison.Ordinal), $"{path} has {attribute.Name}={attribute.Value}");
                Assert.IsFalse(attribute.Name.StartsWith("on", StringComparison.Ordinal) || attribute.Name == "style", $"{path} has {attribute.Name}={attribute.Value}");
                if (attribute.Name is "href" or "src" or "action" && !attribute.Value.StartsWith('/') && !attribute.Value.StartsWith('#') && !attribute.Value.StartsWith('?')
                    && (!Uri.TryCreate(attribute.Value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https" or "vscode")))
                {
                    Assert.Fail($"{path} has {attribute.Name}={attribute.Value}");
                }
            }
        }
    }

    static void Json(string path, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 200 });
            Assert.DoesNotContain('\u0000', text, path);
        }
        catch (JsonException broken)
        {
            Assert.Fail($"{path} is no JSON: {broken.Message} {text[..Math.Min(300, text.Length)]}");
        }
    }
}
