using System.Globalization;
using System.Text.Json;

namespace Agent.Viewer.Tests.Programs;

/// <summary>What Jaeger's page (2.20) asks while one searches, and the fields without which it fails.</summary>
[TestClass]
public sealed class JaegerV3Tests(TestContext context)
{
    const string Day = "query.startTimeMin=2026-01-02T00:00:00.000Z&query.startTimeMax=2026-01-03T00:00:00.000000Z";

    [TestMethod]
    public async Task Services_and_operations_are_listed()
    {
        await using var viewer = await Viewer.StartAsync(context, Sample.Order);
        Assert.AreEqual("""200 {"services":["shop","stock"]}""", await viewer.GetAsync("/api/v3/services"));
        Assert.AreEqual(
            """200 {"operations":[{"name":"GET items/{id}","spanKind":"server"},{"name":"SELECT items","spanKind":"client"}]}""",
            await viewer.GetAsync("/api/v3/operations?service=stock"));
        Assert.AreEqual("""200 {"operations":[{"name":"SELECT items","spanKind":"client"}]}""", await viewer.GetAsync("/api/v3/operations?service=stock&spanKind=client"));
        Assert.AreEqual("""200 {"operations":[]}""", await viewer.GetAsync("/api/v3/operations?service=other"));
    }

    [TestMethod]
    public async Task Summaries_have_every_field_that_the_page_needs()
    {
        await using var viewer = await Viewer.StartAsync(context, Sample.Order);
        Assert.AreEqual(
            "200 " + """
            {"summaries":[{"traceId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","rootServiceName":"shop","rootOperationName":"GET /orders/{id}",
            "minStartTimeUnixNano":"1767323045000000000","maxEndTimeUnixNano":"1767323045090000000","spanCount":5,"errorSpanCount":3,"orphanSpanCount":0,
            "services":[{"name":"shop","spanCount":3,"errorSpanCount":2},{"name":"stock","spanCount":2,"errorSpanCount":1}]}]}
            """.ReplaceLineEndings(""),
            await viewer.GetAsync($"/api/v3/trace-summaries?{Day}&query.searchDepth=20"));
    }

    [TestMethod]
    [DataRow("", "b a")]
    [DataRow("query.searchDepth=1", "b")]
    [DataRow("query.serviceName=stock", "a")]
    [DataRow("query.service_name=stock", "a")]
    [DataRow("query.serviceName=shop&query.operationName=GET /orders/{id}", "a")]
    [DataRow("query.serviceName=stock&query.operationName=GET /orders/{id}", "")]
    [DataRow("query.attributes={\"http.route\":\"/orders/{id}\"}", "a")]
    [DataRow("query.attributes={\"http.route\":\"/orders/{id}\",\"db.system.name\":\"sqlite\"}", "", DisplayName = "one span must have both")]
    [DataRow("query.attributes={\"http.response.status_code\":\"500\"}", "a")]
    [DataRow("query.attributes={\"error\":\"true\"}", "a")]
    [DataRow("query.attributes={\"error\":\"false\"}", "b")]
    [DataRow("query.attributes={\"span.kind\":\"server\",\"error\":\"true\"}&query.serviceName=stock", "")]
    [DataRow("query.attributes={\"span.kind\":\"client\",\"error\":\"true\"}&query.serviceName=stock", "a")]
    [DataRow("query.durationMin=1.2ms&query.durationMax=5ms", "b")]
    [DataRow("query.durationMin=1ms500us", "a")]
    [DataRow("query.durationMin=1m", "")]
    [DataRow("query.startTimeMin=2026-01-02T03:04:06Z", "b")]
    [DataRow("query.startTimeMin=2026-01-02T03:04:06.000000001Z", "")]
    [DataRow("query.startTimeMax=2026-01-02T03:04:06Z", "b a")]
    [DataRow("query.startTimeMax=2026-01-02T04:04:05.999999999%2B01:00", "a")]
    public async Task What_is_searched_is_found(string query, string expected)
    {
        await using var viewer = await Viewer.StartAsync(context, [.. Sample.Order, .. Sample.Values]);
        // The first of two values counts.
        var found = await viewer.GetJsonAsync($"/api/v3/trace-summaries?{query}&{Day}");
        Assert.AreEqual(expected, string.Join(' ', found.GetProperty("summaries").EnumerateArray().Select(trace => trace.GetProperty("traceId").GetString()![..1])));
    }

    [TestMethod]
    public async Task A_trace_is_OTLP_in_a_wrapper_whatever_way_its_id_is_written()
    {
        ReceivedSpan[] spans = [Make.Span('1', null, "GET /", 0, 10) with { TraceId = "000000000000000000000000000000ab" }];
        await using var viewer = await Viewer.StartAsync(context, spans);
        var expected = "200 " + """
            {"result":{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
            "scopeSpans":[{"scope":{},"spans":[{"traceId":"000000000000000000000000000000ab","spanId":"1111111111111111","name":"GET /","kind":1,
            "startTimeUnixNano":"1767323045000000000","endTimeUnixNano":"1767323045000010000","status":{}}]}]}]}}
            """.ReplaceLineEndings("");
        foreach (var id in (string[])["ab", "AB", "000000000000000000000000000000ab", "000000000000000000000000000000AB"])
            Assert.AreEqual(expected, await viewer.GetAsync($"/api/v3/traces/{id}"));
        Assert.AreEqual(expected, await viewer.GetAsync($"/api/v3/traces?{Day}"));
    }

    [TestMethod]
    public async Task What_is_not_here_is_404_and_what_is_malformed_400_with_a_sentence()
    {
        await using var viewer = await Viewer.StartAsync(context);
        await ExpectAsync("/api/v3/traces/ab", 404, "Trace 000000000000000000000000000000ab is not here: it did not come, or it went because the memory was full.");
        await ExpectAsync($"/api/v3/traces?{Day}", 404, "No trace matches.");
        await ExpectAsync("/api/v3/unknown", 404, "There is no GET /api/v3/unknown here; agent/docs/viewer-api.md has what there is.");
        await ExpectAsync("/api/v3/traces/xyz", 400, "The trace id is 'xyz'; expected are 1 to 32 hexadecimal digits.");
        await ExpectAsync("/api/v3/operations", 400, "The parameter service is required: the name of one of /api/v3/services.");
        const string Times = "The parameters query.startTimeMin and query.startTimeMax are required, as RFC 3339 writes times: 2026-01-02T03:04:05Z.";
        await ExpectAsync("/api/v3/trace-summaries", 400, Times);
        await ExpectAsync("/api/v3/trace-summaries?query.startTimeMin=2026-01-02T00:00:00Z", 400, Times);
        foreach (var (parameter, value, expected) in ((string, string, string)[])
        [
            ("query.searchDepth", "many", "a whole number from 1 to 100000"),
            ("query.searchDepth", "0", "a whole number from 1 to 100000"),
            ("query.search_depth", "-1", "a whole number from 1 to 100000"),
            ("query.durationMin", "5", "a duration: 100ms, 1.5s, 300us, 20ns, 2m, 1h or 1m30s"),
            ("query.durationMax", "5 parsecs", "a duration: 100ms, 1.5s, 300us, 20ns, 2m, 1h or 1m30s"),
            ("query.attributes", "{", "a JSON object of texts, {\"http.route\":\"/orders/{id}\"}"),
            ("query.attributes", "[]", "a JSON object of texts, {\"http.route\":\"/orders/{id}\"}"),
            ("query.attributes", "{\"a\":{}}", "a JSON object of texts, {\"http.route\":\"/orders/{id}\"}"),
        ])
        {
            await ExpectAsync($"/api/v3/trace-summaries?{Day}&{parameter}={Uri.EscapeDataString(value)}", 400, $"The parameter {parameter} is '{value}'; expected is {expected}.");
        }

        foreach (var time in (string[])["yesterday", "2026-13-01T00:00:00Z", "1969-12-31T00:00:00Z", "2026-01-02T00:00:00.Z", "2026-01-02T00:00:00.1234567890Z", "1767323045"])
        {
            await ExpectAsync(
                $"/api/v3/trace-summaries?{Day.Replace("query.startTimeMax=2026-01-03T00:00:00.000000Z", "query.startTimeMax=" + time, StringComparison.Ordinal)}", 400,
                $"The parameter query.startTimeMax is '{time}'; expected is a time as RFC 3339 writes it, 2026-01-02T03:04:05.678Z.");
        }

        async Task ExpectAsync(string path, int status, string message)
        {
            var answer = await viewer.GetAsync(path);
            Assert.StartsWith(status.ToString(CultureInfo.InvariantCulture) + " ", answer, path);
            var error = JsonElement.Parse(answer[4..]).GetProperty("error");
            Assert.AreEqual((status, message), (error.GetProperty("httpCode").GetInt32(), error.GetProperty("message").GetString()), path);
        }
    }

    [TestMethod]
    public async Task Everything_that_attributes_hold_stays_as_it_is()
    {
        await using var viewer = await Viewer.StartAsync(context, Sample.Values);
        var span = (await viewer.GetJsonAsync($"/api/v3/traces/{Make.TraceId('b')}")).GetProperty("result").GetProperty("resourceSpans")[0].GetProperty("scopeSpans")[0].GetProperty("spans")[0];
        Assert.AreEqual(Sample.Hostile, span.GetProperty("name").GetString());
        Assert.AreEqual(
            """
            {"boolValue":true}
            {"intValue":"9007199254740993"}
            {"doubleValue":0.5}
            {}
            {"bytesValue":"+/8="}
            {"doubleValue":"NaN"}
            {"doubleValue":"-Infinity"}
            {"arrayValue":{"values":[{"stringValue":"a"},{"intValue":"1"},{},{"arrayValue":{"values":[{"doubleValue":2.5}]}}]}}
            {"kvlistValue":{"values":[{"key":"inner","value":{"kvlistValue":{"values":[{"key":"deep","value":{"boolValue":false}}]}}}]}}
            """,
            string.Join('\n', span.GetProperty("attributes").EnumerateArray().Skip(1).Take(9).Select(pair => pair.GetProperty("value").GetRawText())));
    }
}
