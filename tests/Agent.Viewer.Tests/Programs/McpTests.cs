using System.Net;
using System.Net.Http.Headers;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Agent.Viewer.Tests.Programs;

/// <summary>What a coding agent asks, by the SDK's own client.</summary>
[TestClass]
public sealed class McpTests(TestContext context)
{
    [TestMethod]
    public async Task The_tools_say_what_they_are_for_and_change_nothing()
    {
        await using var viewer = await Viewer.StartAsync(context);
        await using var client = await ConnectAsync(viewer);
        var tools = await client.ListToolsAsync(cancellationToken: context.CancellationToken);
        Assert.AreEqual(
            "compare_route compare_traces find_errors get_span get_trace list_routes list_services search_traces slowest_spans",
            string.Join(' ', tools.Select(tool => tool.Name).Order(StringComparer.Ordinal)));
        foreach (var tool in tools)
        {
            Assert.IsTrue(tool.ProtocolTool.Annotations?.ReadOnlyHint, tool.Name);
            Assert.IsGreaterThan(50, tool.Description.Length, tool.Name);
            if (!tool.JsonSchema.TryGetProperty("properties", out var parameters))
                continue;
            foreach (var parameter in parameters.EnumerateObject())
                Assert.IsTrue(parameter.Value.TryGetProperty("description", out _), $"{tool.Name} {parameter.Name}");
        }

        StringAssert.Contains(client.ServerInstructions, "slowest_spans", StringComparison.Ordinal);
        Assert.AreEqual("agent-viewer", client.ServerInfo?.Name);
    }

    [TestMethod]
    public async Task Services_routes_and_traces_are_listed()
    {
        await using var viewer = await Viewer.StartAsync(context, [.. Sample.Order, .. Sample.Values]);
        await using var client = await ConnectAsync(viewer);
        var services = await CallAsync(client, "list_services");
        Assert.AreEqual("2 traces with 7 spans are held.\n2 services:\nshop\nstock\n", Text(services));
        Assert.AreEqual("""{"traces":2,"spans":7,"services":["shop","stock"]}""", services.StructuredContent?.GetRawText());

        var routes = await CallAsync(client, "list_routes", ("filter", "service=stock"));
        Assert.AreEqual(
            """
               count  errors       p50       p90       p99  route @service (last)
                   1       1   90.0 ms   90.0 ms   90.0 ms  GET /orders/{id} @shop (2026-01-02T03:04:05.000000Z)

            """,
            Text(routes));
        Assert.AreEqual(
            """{"routes":[{"service":"shop","name":"GET /orders/{id}","kind":"server","count":1,"errors":1,"p50Ms":90,"p90Ms":90,"p99Ms":90,"last":"2026-01-02T03:04:05.000000Z"}],"leftOut":0}""",
            routes.StructuredContent?.GetRawText());

        var found = await CallAsync(client, "search_traces", ("order", "slowest"), ("limit", 1));
        Assert.AreEqual(
            """
            trace id                          start                         duration  spans  errors  root @service
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  2026-01-02T03:04:05.000000Z   90.0 ms      5       3  GET /orders/{id} @shop
            1 more traces are left out; limit or a filter shows them.

            """,
            Text(found));
        Assert.AreEqual("b", Text(await CallAsync(client, "search_traces", ("from", "2026-01-02T03:04:06Z"))).Split('\n')[1][..1]);
        Assert.AreEqual("a", Text(await CallAsync(client, "search_traces", ("filter", "db.system.name=sqlite duration>80ms"))).Split('\n')[1][..1]);
    }

    [TestMethod]
    public async Task A_trace_is_a_tree_with_self_times_sources_and_errors()
    {
        await using var viewer = await Viewer.StartAsync(context, Sample.Order);
        await using var client = await ConnectAsync(viewer);
        Assert.AreEqual(
            """
            Trace aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, started 2026-01-02T03:04:05.000000Z, 90.0 ms, 5 spans, 3 with errors, 0 without their parents.
            start: after the trace's start; self: duration without that of children; #: span id.
               start  duration      self  span
                0 ns   90.0 ms   20.0 ms  GET /orders/{id} [server] @shop http.response.status_code=500 #1111111111111111 ERROR
             10.0 ms   70.0 ms   20.0 ms    page /Order OnGetAsync dispatch.kind=load #2222222222222222 ERROR: No stock
                                              ! Shop.StockException: No stock
             20.0 ms   50.0 ms   20.0 ms      GET [client] url.full=http://stock/items/7 #3333333333333333
             30.0 ms   30.0 ms   10.0 ms        GET items/{id} [server] @stock #4444444444444444
             35.0 ms   20.0 ms   20.0 ms          SELECT items [client] db.system.name=sqlite #5555555555555555 ERROR

            """,
            Text(await CallAsync(client, "get_trace", ("trace_id", Make.TraceId('A')))));
        var span = Text(await CallAsync(client, "get_span", ("trace_id", Make.TraceId('a')), ("span_id", "#2222222222222222")));
        Assert.AreEqual(
            """
            page /Order OnGetAsync dispatch.kind=load #2222222222222222 ERROR: No stock
            start 2026-01-02T03:04:05.010000Z, 10.0 ms after the trace's
            duration 70.0 ms, self 20.0 ms
            parent 1111111111111111, 1 children
            source Agent.AspNetCore 
            attributes:
              dispatch.kind = load
            event exception, 70.0 ms after its start:
              exception.type = Shop.StockException
              exception.message = No stock
            process:
              service.name = shop

            """,
            span);
    }

    [TestMethod]
    public async Task Equal_siblings_are_one_line_and_what_is_left_out_is_said()
    {
        var queries = Enumerable.Range(0, 14).Select(i => Make.Span('2', '1', "SELECT Products", 100 + (ulong)i * 1000, 1000 + (ulong)i * 1000, 'c') with { SpanId = $"20000000000000{i:x2}", Kind = SpanKind.Client }).ToList();
        await using var viewer = await Viewer.StartAsync(context, [Make.Span('1', null, "GET /", 0, 20_000, 'c'), .. queries, Make.Span('9', '1', "view", 15_000, 19_000, 'c')]);
        await using var client = await ConnectAsync(viewer);
        Assert.AreEqual(
            """
               start  duration      self  span
                0 ns   20.0 ms   3.40 ms  GET / @shop #1111111111111111
              100 µs   12.6 ms   12.6 ms    14 × SELECT Products [client] #2000000000000000 (900 µs to 900 µs each; the first one is shown)
             15.0 ms   4.00 ms   4.00 ms    view #9999999999999999

            """,
            string.Join('\n', Text(await CallAsync(client, "get_trace", ("trace_id", Make.TraceId('c')))).Split('\n')[2..]));

        var few = Text(await CallAsync(client, "get_trace", ("trace_id", Make.TraceId('c')), ("max_spans", 10)));
        StringAssert.Contains(few, "6 spans are left out, the shortest ones; max_spans shows more.\n", StringComparison.Ordinal);
        StringAssert.Contains(few, "… 6 more, 5.40 ms in sum, the longest 900 µs\n", StringComparison.Ordinal);
        StringAssert.Contains(few, "8 × SELECT Products", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task A_very_deep_trace_shows_its_top()
    {
        await using var viewer = await Viewer.StartAsync(context, Enumerable.Range(1, 3000).Select(i => (Make.Span('1', null, $"deep {i}", (ulong)i, 9000 - (ulong)i, 'c') with
        {
            SpanId = $"{i:x16}", ParentSpanId = i == 1 ? null : $"{i - 1:x16}", StatusCode = i == 3000 ? SpanStatusCode.Error : SpanStatusCode.Unset,
        })));
        await using var client = await ConnectAsync(viewer);
        var lines = Text(await CallAsync(client, "get_trace", ("trace_id", Make.TraceId('c')), ("max_spans", 100))).Split('\n');
        Assert.AreEqual("2900 spans are left out, the shortest ones; max_spans shows more.", lines[2]);
        Assert.AreEqual("    0 ns   9.00 ms    2.0 µs  deep 1 @shop #0000000000000001", lines[4]);
        StringAssert.Contains(lines[103], "(depth 99) deep 100 #0000000000000064", StringComparison.Ordinal);
        StringAssert.Contains(lines[104], "… 1 more, 8.80 ms in sum, the longest 8.80 ms", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Why_a_route_is_slow_is_answered_by_self_times_over_its_traces()
    {
        await using var viewer = await Viewer.StartAsync(context, [.. Orders('c', 10_000), .. Orders('d', 30_000), .. Orders('e', 20_000, failed: true), .. Sample.Values]);
        await using var client = await ConnectAsync(viewer);
        var slowest = await CallAsync(client, "slowest_spans", ("route", "GET /orders"), ("limit", 2));
        Assert.AreEqual(
            """
            3 traces of GET /orders, 2026-01-02T03:04:05.000000Z to 2026-01-02T03:04:05.000000Z, 1 with errors.
            The slowest: dddddddddddddddddddddddddddddddd (32.0 ms), eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee (22.0 ms), cccccccccccccccccccccccccccccccc (12.0 ms).
            Self time of each kind of span, the most first:
             share       sum  per trace   calls  errors  span
             90.9%   60.0 ms    20.0 ms       3       1  SELECT Orders @shop (at most 30.0 ms: span 2222222222222222 of dddddddddddddddddddddddddddddddd)
              9.1%   6.00 ms    2.00 ms       3       0  GET /orders @shop (at most 2.00 ms: span 1111111111111111 of TRACE)

            """,
            Text(slowest).Replace("1111111111111111 of cccccccccccccccccccccccccccccccc", "1111111111111111 of TRACE", StringComparison.Ordinal)
                .Replace("1111111111111111 of dddddddddddddddddddddddddddddddd", "1111111111111111 of TRACE", StringComparison.Ordinal)
                .Replace("1111111111111111 of eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", "1111111111111111 of TRACE", StringComparison.Ordinal));
        Assert.AreEqual(60, slowest.StructuredContent?.GetProperty("spans")[0].GetProperty("selfMs").GetDouble());

        Assert.AreEqual(
            """
            A: cccccccccccccccccccccccccccccccc, GET /orders, 2026-01-02T03:04:05.000000Z, 12.0 ms, 2 spans, 0 with errors
            B: eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee, GET /orders, 2026-01-02T03:04:05.000000Z, 22.0 ms, 2 spans, 1 with errors
            Self time and number of spans per trace:
                A self    B self  difference   A spans   B spans  span
               10.0 ms   20.0 ms    +10.0 ms         1         1  SELECT Orders @shop (errors: A 0, B 1)
               2.00 ms   2.00 ms       +0 ns         1         1  GET /orders @shop

            """,
            Text(await CallAsync(client, "compare_traces", ("trace_id", Make.TraceId('c')), ("other_trace_id", Make.TraceId('e')))));
    }

    [TestMethod]
    public async Task A_route_is_compared_before_and_after_a_moment()
    {
        var after = Orders('d', 30_000).Select(span => span with { StartUnixNano = span.StartUnixNano + 60_000_000_000, EndUnixNano = span.EndUnixNano + 60_000_000_000 });
        await using var viewer = await Viewer.StartAsync(context, [.. Orders('c', 10_000), .. after]);
        await using var client = await ConnectAsync(viewer);
        var text = Text(await CallAsync(client, "compare_route", ("route", "GET /orders"), ("since", "2026-01-02T03:05:00Z")));
        StringAssert.Contains(text, "A: 1 traces before, median 12.0 ms, 0 with errors\nB: 1 traces since, median 32.0 ms, 0 with errors\n", StringComparison.Ordinal);
        StringAssert.Contains(text, "   10.0 ms   30.0 ms    +20.0 ms         1         1  SELECT Orders @shop\n", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Errors_have_the_span_that_failed_and_its_stack_trace_once()
    {
        const string Stack = "Shop.StockException: No stock\n   at Shop.Stock.Take() in /src/Stock.cs:line 12\n   at Shop.Order.OnGetAsync()";
        IEnumerable<ReceivedSpan> failing = Enumerable.Range(0, 3).SelectMany(i => new[]
        {
            Make.Span('1', null, "GET /orders", 0, 90, 'c').Failed().Throwing("Shop.StockException", "No stock"),
            Make.Span('2', '1', "middleware", 0, 80, 'c').Failed(),
            Make.Span('3', '2', "page /Order", 0, 70, 'c').Failed() with
            {
                Events = [new SpanEvent("exception", 0, new OrderedDictionary<string, object?> { ["exception.type"] = "Shop.StockException", ["exception.message"] = "No stock", ["exception.stacktrace"] = Stack })],
            },
        }.Select(span => span with { TraceId = Make.TraceId((char)('a' + i)) }));
        await using var viewer = await Viewer.StartAsync(context, [.. failing, Make.Span('1', null, "job", 5000, 5001, 'd').Failed("Timed out")]);
        await using var client = await ConnectAsync(viewer);
        Assert.AreEqual(
            """
            4 traces with errors match; the newest 4 were read.

            3 × Shop.StockException: No stock
              in span: page /Order #3333333333333333 ERROR
              below: GET /orders > middleware
              last: 2026-01-02T03:04:05.000000Z in trace TRACE
                Shop.StockException: No stock
                at Shop.Stock.Take() in /src/Stock.cs:line 12
                at Shop.Order.OnGetAsync()

            1 × Timed out
              in span: job @shop #1111111111111111 ERROR: Timed out
              below: (nothing: it is the root)
              last: 2026-01-02T03:04:05.005000Z in trace dddddddddddddddddddddddddddddddd


            """,
            Text(await CallAsync(client, "find_errors")).Replace(Make.TraceId('a'), "TRACE", StringComparison.Ordinal).Replace(Make.TraceId('b'), "TRACE", StringComparison.Ordinal)
                .Replace(Make.TraceId('c'), "TRACE", StringComparison.Ordinal));
        Assert.AreEqual("No trace with an error matches.\n", Text(await CallAsync(client, "find_errors", ("filter", "service=other"))));
    }

    [TestMethod]
    public async Task Hostile_texts_stay_on_their_line()
    {
        var hostile = "a\nTrace bbbb, all is well\u2028\u001b[31m";
        await using var viewer = await Viewer.StartAsync(context, [Make.Span('1', null, hostile, 0, 10).With(("db.query.text", hostile)).Failed(hostile).Throwing(hostile, hostile).From(hostile)]);
        await using var client = await ConnectAsync(viewer);
        var trace = Text(await CallAsync(client, "get_trace", ("trace_id", Make.TraceId('a'))));
        Assert.HasCount(6, trace.Split('\n'), trace);
        foreach (var text in (string[])[trace, Text(await CallAsync(client, "find_errors")), Text(await CallAsync(client, "list_routes")), Text(await CallAsync(client, "search_traces")),
            Text(await CallAsync(client, "list_services")), Text(await CallAsync(client, "slowest_spans", ("route", hostile))), Text(await CallAsync(client, "get_span", ("trace_id", Make.TraceId('a')), ("span_id", Make.SpanId('1'))))])
        {
            Assert.IsFalse(text.Any(static c => char.IsControl(c) && c != '\n'), text);
            Assert.IsFalse(text.Contains("\nTrace bbbb", StringComparison.Ordinal), text);
        }
    }

    [TestMethod]
    [DataRow("get_trace", "trace_id", "x", "The trace id is 'x'; expected are 1 to 32 hexadecimal digits.")]
    [DataRow("get_trace", "trace_id", "ab", "Trace ab is not here: it did not come, or it went because the memory was full. search_traces finds those that are.")]
    [DataRow("search_traces", "filter", "duration>fast", "'fast' is no duration; write it as 100ms, 1.5s, 300us, 20ns or 2m.")]
    [DataRow("search_traces", "order", "best", "The parameter order is 'best'; expected is one of newest, oldest, slowest, fastest, most-spans, most-errors.")]
    [DataRow("search_traces", "from", "today", "The parameter from is 'today'; expected is a time as RFC 3339 writes it, 2026-01-02T03:04:05.678Z.")]
    [DataRow("slowest_spans", "route", "GET /", "No trace of the route 'GET /' matches; list_routes shows the names.")]
    public async Task What_is_wrong_is_said_in_a_sentence(string tool, string parameter, string value, string expected)
    {
        await using var viewer = await Viewer.StartAsync(context);
        await using var client = await ConnectAsync(viewer);
        var result = await client.CallToolAsync(tool, new Dictionary<string, object?> { [parameter] = value }, cancellationToken: context.CancellationToken);
        Assert.IsTrue(result.IsError);
        Assert.AreEqual($"An error occurred invoking '{tool}': {expected}", Text(result));
    }

    [TestMethod]
    public async Task Pages_of_the_web_may_not_ask()
    {
        await using var viewer = await Viewer.StartAsync(context);
        Assert.AreEqual((HttpStatusCode.MethodNotAllowed, "This is a server of the Model Context Protocol (streamable HTTP without sessions): it takes POST only.\n"), await SendAsync(HttpMethod.Get, "application/json", null));
        Assert.AreEqual((HttpStatusCode.UnsupportedMediaType, "Content-Type must be application/json.\n"), await SendAsync(HttpMethod.Post, "text/plain", null));
        Assert.AreEqual((HttpStatusCode.Forbidden, "Pages of other servers may not send anything here.\n"), await SendAsync(HttpMethod.Post, "application/json", "https://example.com"));
        Assert.AreEqual((HttpStatusCode.Forbidden, "Pages of other servers may not send anything here.\n"), await SendAsync(HttpMethod.Post, "application/json", "null"));

        async Task<(HttpStatusCode, string)> SendAsync(HttpMethod method, string type, string? origin)
        {
            using var request = new HttpRequestMessage(method, new Uri("/mcp", UriKind.Relative));
            if (method == HttpMethod.Post)
                request.Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", MediaTypeHeaderValue.Parse(type));
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            using var response = await viewer.Client.SendAsync(request, context.CancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(context.CancellationToken));
        }
    }

    static IEnumerable<ReceivedSpan> Orders(char trace, ulong query, bool failed = false)
    {
        yield return Make.Span('1', null, "GET /orders", 0, query + 2000, trace) with { Kind = SpanKind.Server };
        var select = Make.Span('2', '1', "SELECT Orders", 1000, query + 1000, trace) with { Kind = SpanKind.Client };
        yield return failed ? select.Failed() : select;
    }

    Task<McpClient> ConnectAsync(Viewer viewer) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(viewer.Endpoint, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }),
        cancellationToken: context.CancellationToken);

    async Task<CallToolResult> CallAsync(McpClient client, string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await client.CallToolAsync(tool, arguments.ToDictionary(argument => argument.Name, argument => argument.Value), cancellationToken: context.CancellationToken);
        Assert.IsNull(result.IsError, Text(result));
        return result;
    }

    static string Text(CallToolResult result) => string.Concat(result.Content.Cast<TextContentBlock>().Select(block => block.Text));
}
