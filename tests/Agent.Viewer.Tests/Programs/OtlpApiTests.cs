using System.Globalization;
using System.Text.Json;
using Agent.Viewer.Otlp;
using Agent.Viewer.Protos;
using Google.Protobuf;

namespace Agent.Viewer.Tests.Programs;

[TestClass]
public sealed class OtlpApiTests(TestContext context)
{
    [TestMethod]
    public async Task What_comes_out_goes_in_anywhere_and_is_the_same_trace()
    {
        await using var viewer = await Viewer.StartAsync(context, [.. Sample.Order, .. Sample.Values]);
        foreach (var id in (string[])[Make.TraceId('a'), Make.TraceId('b')])
        {
            var exported = await viewer.GetAsync($"/api/otlp/traces/{id}");
            Assert.StartsWith("200 ", exported);

            // Into a viewer's page, into its port for OTLP, and into the receiver of the tests.
            await using var other = await Viewer.StartAsync(context);
            Assert.AreEqual("""200 {"partialSuccess":{}}""", await other.PostAsync("/api/otlp/traces", exported[4..], "application/json"));
            Assert.AreEqual(exported, await other.GetAsync($"/api/otlp/traces/{id}"));
            await using var third = await Viewer.StartAsync(context);
            Assert.AreEqual("""200 {"partialSuccess":{}}""", await third.ExportAsync(exported[4..]));
            Assert.AreEqual(exported, await third.GetAsync($"/api/otlp/traces/{id}"));
            Assert.AreEqual(await viewer.GetAsync($"/api/traces/{id}"), await third.GetAsync($"/api/traces/{id}"));
        }
    }

    [TestMethod]
    public async Task It_is_what_was_sent()
    {
        await using var viewer = await Viewer.StartAsync(context, Sample.Values);
        var exported = await viewer.GetAsync($"/api/otlp/traces/{Make.TraceId('b')}");
        var sent = Otlp.Request(Sample.Values);
        foreach (var span in sent.ResourceSpans[0].ScopeSpans[0].Spans)
            span.Flags = 0; // that the parent is in the same process needs no saying
        Assert.AreEqual(sent.ToString(), ExportTraceServiceRequest.Parser.ParseFrom(OtlpJson.ToProtobuf(System.Text.Encoding.UTF8.GetBytes(exported[4..])).Span).ToString());
    }

    [TestMethod]
    [DataRow("", "b a", 0)]
    [DataRow("?order=oldest", "a b", 0)]
    [DataRow("?limit=1", "b", 1)]
    [DataRow("?skip=1", "a", 1)]
    [DataRow("?order=slowest&limit=1", "a", 1)]
    [DataRow("?filter=db.system.name=sqlite service=shop", "a", 0)]
    [DataRow("?filter=!db.system.name", "b", 0)]
    [DataRow("?filter=!db.system.name=*", "b", 0)]
    [DataRow("?from=2026-01-02T03:04:06Z", "b", 0)]
    [DataRow("?to=2026-01-02T03:04:06Z", "a", 0)]
    [DataRow("?filter=nothing", "", 0)]
    public async Task A_filters_result_is_one_document_that_says_what_it_leaves_out(string query, string expected, int leftOut)
    {
        await using var viewer = await Viewer.StartAsync(context, [.. Sample.Order, .. Sample.Values]);
        var found = await viewer.GetJsonAsync($"/api/otlp/traces{query}");
        Assert.AreEqual(expected, Ids(found));
        Assert.AreEqual(leftOut, found.TryGetProperty("leftOut", out var left) ? left.GetProperty("traces").GetInt32() : 0);
    }

    [TestMethod]
    public async Task What_is_malformed_is_refused_with_a_Status_that_says_why()
    {
        await using var viewer = await Viewer.StartAsync(context);
        await ExpectAsync("/api/otlp/traces/ab", 404, "Trace 000000000000000000000000000000ab is not here: it did not come, or it went because the memory was full.");
        await ExpectAsync("/api/otlp/traces/x", 400, "The trace id is 'x'; expected are 1 to 32 hexadecimal digits.");
        await ExpectAsync("/api/otlp/traces?filter=duration>fast", 400, "'fast' is no duration; write it as 100ms, 1.5s, 300us, 20ns or 2m.");
        await ExpectAsync("/api/otlp/traces?follow=true&filter=duration>fast", 400, "'fast' is no duration; write it as 100ms, 1.5s, 300us, 20ns or 2m.");
        await ExpectAsync("/api/otlp/traces?follow=yes", 400, "The parameter follow is 'yes'; expected is true or false.");
        await ExpectAsync("/api/otlp/traces?order=random", 400, "The parameter order is 'random'; expected is one of newest, oldest, slowest, fastest, most-spans, most-errors.");
        await ExpectAsync("/api/otlp/traces?skip=-1", 400, "The parameter skip is '-1'; expected is a whole number from 0 to 2147483647.");
        Assert.AreEqual(
            """400 {"code":3,"message":"The body is not valid OTLP/JSON: resourceSpans: \u00275\u0027 is not an array."}""",
            await viewer.PostAsync("/api/otlp/traces", """{"resourceSpans":5}""", "application/json"));
        Assert.AreEqual(
            """400 {"code":3,"message":"The body is not valid OTLP/JSON: It has no spans; expected is what /api/otlp/traces gives, an object with resourceSpans."}""",
            await viewer.PostAsync("/api/otlp/traces", """{"data":[]}""", "application/json"));
        // What a page of the web could send without being asked for it.
        Assert.StartsWith("415 ", await viewer.PostAsync("/api/otlp/traces", "{}", "text/plain"));

        async Task ExpectAsync(string path, int status, string message)
        {
            var answer = await viewer.GetAsync(path);
            Assert.StartsWith(status.ToString(CultureInfo.InvariantCulture) + " ", answer, path);
            Assert.AreEqual(message, JsonElement.Parse(answer[4..]).GetProperty("message").GetString(), path);
        }
    }

    [TestMethod]
    [Timeout(20_000, CooperativeCancellation = true)]
    public async Task A_follower_gets_each_finished_trace_as_a_line()
    {
        await using var viewer = await Viewer.StartAsync(context);
        using var all = await viewer.FollowAsync("/api/otlp/traces?follow=true&limit=2");
        using var failing = await viewer.FollowAsync("/api/otlp/traces?follow=true&filter=error");
        await viewer.SendAsync(Sample.Order);
        var order = await all.NextAsync();
        Assert.AreEqual("a", Ids(order));
        Assert.AreEqual(5, order.GetProperty("resourceSpans").EnumerateArray().Sum(process => process.GetProperty("scopeSpans").EnumerateArray().Sum(scope => scope.GetProperty("spans").GetArrayLength())));
        Assert.AreEqual(order.GetRawText(), (await failing.NextAsync()).GetRawText());

        // The second one has no error: it comes to the one who wants all, and ends what that one asked for.
        await viewer.SendAsync(Make.Span('1', null, "GET /", 0, 10, 'd'));
        Assert.AreEqual("d", Ids(await all.NextAsync()));
        Assert.IsNull(await all.LineAsync());
        await viewer.SendAsync(Make.Span('1', null, "GET /", 0, 10, 'e').Failed());
        Assert.AreEqual("e", Ids(await failing.NextAsync()));

        // What was followed can be read as a file.
        await using var other = await Viewer.StartAsync(context);
        Assert.StartsWith("200 ", await other.PostAsync("/api/otlp/traces", all.Everything, "application/x-ndjson"));
        Assert.AreEqual("a d", Ids(await other.GetJsonAsync("/api/otlp/traces?order=oldest"))); // d began when a did, and came later
    }

    [TestMethod]
    [Timeout(20_000, CooperativeCancellation = true)]
    public async Task A_follower_that_does_not_read_stops_nobody_and_is_told_what_it_missed()
    {
        const int Traces = 24;
        await using var viewer = await Viewer.StartAsync(context);
        using var slow = await viewer.FollowAsync("/api/otlp/traces?follow=true");
        var text = new string('x', 2000);
        for (var i = 0; i < Traces; i++)
        {
            var id = (i + 1).ToString("x32", CultureInfo.InvariantCulture);
            await viewer.SendAsync(Enumerable.Range(1, 1000).Select(span =>
                Make.Span('1', null, "many", 0, 10).With(("text", text)) with { TraceId = id, SpanId = span.ToString("x16", CultureInfo.InvariantCulture) }));
        }

        // One that begins now has nothing to catch up with.
        using var quick = await viewer.FollowAsync("/api/otlp/traces?follow=true&filter=name=last");
        await viewer.SendAsync(Make.Span('1', null, "last", 0, 10, 'f'));
        Assert.AreEqual("f", Ids(await quick.NextAsync()));

        // Only now the slow one reads: what fits into its queue and the connection's buffers, then the rest as a number.
        var (received, leftOut) = (0, 0);
        while (received + leftOut < Traces + 1)
        {
            var line = await slow.NextAsync();
            if (line.TryGetProperty("leftOut", out var left))
                leftOut += left.GetProperty("traces").GetInt32();
            else
                received++;
        }

        Assert.IsGreaterThan(0, received);
        Assert.IsGreaterThan(0, leftOut);
        await viewer.SendAsync(Make.Span('1', null, "after", 0, 10, 'd'));
        Assert.AreEqual("d", Ids(await slow.NextAsync()));
    }

    [TestMethod]
    [Timeout(20_000, CooperativeCancellation = true)]
    public async Task The_viewer_ends_while_it_is_followed()
    {
        Follower follower;
        await using (var viewer = await Viewer.StartAsync(context))
            follower = await viewer.FollowAsync("/api/otlp/traces?follow=true");
        using (follower)
            Assert.IsNull(await follower.LineAsync());
    }

    /// <summary>The first digit of each trace's id, in order.</summary>
    static string Ids(JsonElement document) => string.Join(' ', document.GetProperty("resourceSpans").EnumerateArray()
        .Select(process => process.GetProperty("scopeSpans")[0].GetProperty("spans")[0].GetProperty("traceId").GetString()![..1]).Distinct());
}
