using System.Globalization;
using System.Text.Json;

namespace Agent.Viewer.Tests.Programs;

/// <summary>What Grafana's data source and Jaeger's page of one trace ask, and the fields without which they fail.</summary>
[TestClass]
public sealed class JaegerClassicTests(TestContext context)
{
    const string Counts = "\"total\":0,\"limit\":0,\"offset\":0,\"errors\":null}";

    [TestMethod]
    public async Task Services_operations_and_dependencies_are_listed()
    {
        await using var viewer = await Viewer.StartAsync(context, Sample.Order);
        Assert.AreEqual("""200 {"data":["shop","stock"],""" + Counts, await viewer.GetAsync("/api/services"));
        Assert.AreEqual("""200 {"data":["GET items/{id}","SELECT items"],""" + Counts, await viewer.GetAsync("/api/services/stock/operations"));
        Assert.AreEqual("""200 {"data":[{"name":"GET items/{id}","spanKind":"server"},{"name":"SELECT items","spanKind":"client"}],""" + Counts, await viewer.GetAsync("/api/operations?service=stock"));
        Assert.AreEqual("""200 {"data":[{"parent":"shop","child":"stock","callCount":1}],""" + Counts, await viewer.GetAsync("/api/dependencies?endTs=1767398400000&lookback=86400000"));
        Assert.AreEqual("""200 {"data":[],""" + Counts, await viewer.GetAsync("/api/dependencies?endTs=1767398400000&lookback=1000"));
    }

    [TestMethod]
    public async Task Services_may_have_any_name()
    {
        const string Name = "a/b c%?&#ä\"{}";
        await using var viewer = await Viewer.StartAsync(context, Make.Span('1', null, "GET /", 0, 10).From(Name));
        Assert.AreEqual("""200 {"data":["GET /"],""" + Counts, await viewer.GetAsync($"/api/services/{Uri.EscapeDataString(Name)}/operations"));
        Assert.AreEqual("""200 {"data":[{"name":"GET /","spanKind":"internal"}],""" + Counts, await viewer.GetAsync($"/api/operations?service={Uri.EscapeDataString(Name)}"));
        Assert.AreEqual(1, (await viewer.GetJsonAsync($"/api/traces?service={Uri.EscapeDataString(Name)}")).GetProperty("data").GetArrayLength());
    }

    [TestMethod]
    public async Task A_trace_has_references_processes_tags_and_logs_in_microseconds()
    {
        await using var viewer = await Viewer.StartAsync(context, Sample.Order);
        var answer = await viewer.GetAsync($"/api/traces/{Make.TraceId('a').ToUpperInvariant()}?start=1&end=2&raw=true");
        StringAssert.EndsWith(answer, "\"warnings\":null}]," + Counts, StringComparison.Ordinal);
        var trace = JsonElement.Parse(answer[4..]).GetProperty("data")[0];
        Assert.AreEqual(Make.TraceId('a'), trace.GetProperty("traceID").GetString());
        Assert.AreEqual("""{"p1":{"serviceName":"shop","tags":[]},"p2":{"serviceName":"stock","tags":[]}}""", trace.GetProperty("processes").GetRawText());
        Assert.AreEqual("p1 p1 p1 p2 p2", string.Join(' ', trace.GetProperty("spans").EnumerateArray().Select(span => span.GetProperty("processID").GetString())));
        Assert.AreEqual(
            """
            {"traceID":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","spanID":"2222222222222222","operationName":"page /Order OnGetAsync",
            "references":[{"refType":"CHILD_OF","traceID":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","spanID":"1111111111111111"}],
            "startTime":1767323045010000,"duration":70000,
            "tags":[{"key":"otel.scope.name","type":"string","value":"Agent.AspNetCore"},{"key":"dispatch.kind","type":"string","value":"load"},{"key":"span.kind","type":"string","value":"internal"},
            {"key":"otel.status_code","type":"string","value":"ERROR"},{"key":"error","type":"bool","value":true},{"key":"otel.status_description","type":"string","value":"No stock"}],
            "logs":[{"timestamp":1767323045080000,"fields":[{"key":"event","type":"string","value":"exception"},
            {"key":"exception.type","type":"string","value":"Shop.StockException"},{"key":"exception.message","type":"string","value":"No stock"}]}],"processID":"p1","warnings":null}
            """.ReplaceLineEndings(""),
            trace.GetProperty("spans")[1].GetRawText());
    }

    [TestMethod]
    public async Task Tags_are_flat_and_of_Jaegers_types_and_links_are_references()
    {
        await using var viewer = await Viewer.StartAsync(context, Sample.Values);
        var span = (await viewer.GetJsonAsync($"/api/traces/{Make.TraceId('b')}")).GetProperty("data")[0].GetProperty("spans")[0];
        Assert.AreEqual(
            """
            string: a=<script>
            bool: yes=True
            int64: count=9007199254740993
            float64: ratio=0.5
            string: none=null
            binary: bytes=+/8=
            string: not a number=NaN
            string: infinite=-Infinity
            string: list=["a",1,null,[2.5]]
            string: map={"inner":{"deep":false}}
            string: <script>=name
            string: =no name
            string: span.kind=internal
            string: otel.status_code=OK
            """,
            string.Join('\n', span.GetProperty("tags").EnumerateArray().Select(tag =>
                $"{tag.GetProperty("type")}: {tag.GetProperty("key")}={tag.GetProperty("value")}".Replace("text=" + Sample.Hostile, "a=<script>", StringComparison.Ordinal).Replace(Sample.Hostile, "<script>", StringComparison.Ordinal))));
        Assert.AreEqual(
            """[{"refType":"FOLLOWS_FROM","traceID":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","spanID":"1111111111111111"},{"refType":"FOLLOWS_FROM","traceID":"cccccccccccccccccccccccccccccccc","spanID":"9999999999999999"}]""",
            span.GetProperty("references").GetRawText());
    }

    [TestMethod]
    public async Task Traces_are_found_by_id_and_by_search()
    {
        await using var viewer = await Viewer.StartAsync(context, [.. Sample.Order, .. Sample.Values]);
        Assert.AreEqual("b a", await FoundAsync("/api/traces?limit=20&lookback=1h&start=1&end=1867323045000000"));
        Assert.AreEqual("b", await FoundAsync("/api/traces?limit=1"));
        Assert.AreEqual("a", await FoundAsync("/api/traces?end=1767323045000000"));
        Assert.AreEqual("a", await FoundAsync("/api/traces?service=shop&operation=GET /orders/{id}&minDuration=90ms&maxDuration=90ms"));
        Assert.AreEqual("a", await FoundAsync("/api/traces?tags={\"db.system.name\":\"sqlite\",\"error\":true}"));
        Assert.AreEqual("a", await FoundAsync("/api/traces?tag=db.system.name:sqlite&tag=error:true"));
        Assert.AreEqual("", await FoundAsync("/api/traces?tag=db.system.name:sqlite&tag=http.route:/orders/{id}"));
        Assert.AreEqual("a b", await FoundAsync($"/api/traces?traceID={Make.TraceId('a')}&traceID={Make.TraceId('b')}&traceID={Make.TraceId('c')}"));

        async Task<string> FoundAsync(string path) =>
            string.Join(' ', (await viewer.GetJsonAsync(path)).GetProperty("data").EnumerateArray().Select(trace => trace.GetProperty("traceID").GetString()![..1]));
    }

    [TestMethod]
    public async Task OTLP_becomes_Jaegers_traces_and_nothing_is_kept()
    {
        await using var viewer = await Viewer.StartAsync(context, [.. Sample.Order, .. Sample.Values]);
        await using var other = await Viewer.StartAsync(context);
        foreach (var id in (string[])[Make.TraceId('a'), Make.TraceId('b')])
        {
            var otlp = (await viewer.GetJsonAsync($"/api/v3/traces/{id}")).GetProperty("result").GetRawText();
            Assert.AreEqual(await viewer.GetAsync($"/api/traces/{id}"), await other.PostAsync("/api/transform", otlp, "text/plain"));
        }

        Assert.AreEqual("""200 {"data":[],""" + Counts, await other.GetAsync("/api/services"));
        StringAssert.Contains(await other.PostAsync("/api/transform", """{"resourceSpans":5}""", "text/plain"), "The body is not OTLP as JSON: resourceSpans: \\u00275\\u0027 is not an array.", StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task What_is_not_here_is_404_and_what_is_malformed_400_with_a_sentence()
    {
        await using var viewer = await Viewer.StartAsync(context);
        await ExpectAsync("/api/traces/ab", 404, "Trace 000000000000000000000000000000ab is not here: it did not come, or it went because the memory was full.");
        await ExpectAsync("/api/nothing", 404, "There is no GET /api/nothing here; agent/docs/viewer-api.md has what there is.");
        await ExpectAsync("/api/metrics/latencies?service=a", 501, "There are no metrics here, only traces.");
        await ExpectAsync("/api/operations", 400, "The parameter service is required: the name of one of /api/services.");
        await ExpectAsync("/api/traces/00000000000000000000000000000000a", 400, "The trace id is '00000000000000000000000000000000a'; expected are 1 to 32 hexadecimal digits.");
        await ExpectAsync("/api/traces?traceID=x", 400, "The trace id is 'x'; expected are 1 to 32 hexadecimal digits.");
        await ExpectAsync("/api/traces?limit=1.5", 400, "The parameter limit is '1.5'; expected is a whole number from 1 to 100000.");
        await ExpectAsync("/api/traces?start=now", 400, "The parameter start is 'now'; expected is a whole number of microseconds since 1970-01-01 UTC.");
        await ExpectAsync("/api/traces?minDuration=1x", 400, "The parameter minDuration is '1x'; expected is a duration: 100ms, 1.5s, 300us, 20ns, 2m, 1h or 1m30s.");
        await ExpectAsync("/api/traces?tags=a", 400, "The parameter tags is 'a'; expected is a JSON object of texts, {\"http.route\":\"/orders/{id}\"}.");
        await ExpectAsync("/api/traces?tag=a", 400, "The parameter tag is 'a'; expected is name:value.");
        await ExpectAsync("/api/traces?tag=span.kind:serving", 400, "'serving' is no kind of span; there are internal, server, client, producer, consumer and unspecified.");
        await ExpectAsync("/api/dependencies?endTs=x", 400, "The parameter endTs is 'x'; expected is a whole number of milliseconds since 1970-01-01 UTC.");

        async Task ExpectAsync(string path, int status, string message)
        {
            var answer = await viewer.GetAsync(path);
            Assert.StartsWith(status.ToString(CultureInfo.InvariantCulture) + " ", answer, path);
            var error = JsonElement.Parse(answer[4..]).GetProperty("errors")[0];
            Assert.AreEqual((status, message), (error.GetProperty("code").GetInt32(), error.GetProperty("msg").GetString()), path);
        }
    }
}
