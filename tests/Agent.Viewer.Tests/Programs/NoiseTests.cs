using System.Net;

namespace Agent.Viewer.Tests.Programs;

/// <summary>Whatever is asked is answered or refused.</summary>
[TestClass]
public sealed class NoiseTests(TestContext context)
{
    static readonly string[] Paths =
    [
        "/api/otlp/traces", "/api/otlp/traces/{0}", "/api/v3/services", "/api/v3/operations", "/api/v3/trace-summaries", "/api/v3/traces", "/api/v3/traces/{0}", "/api/services",
        "/api/services/{0}/operations", "/api/operations", "/api/traces", "/api/traces/{0}", "/api/dependencies", "/api/metrics/{0}", "/api/{0}", "/mcp",
    ];

    static readonly string[] Names =
    [
        "filter", "from", "to", "order", "skip", "limit", "query.startTimeMin", "query.startTimeMax", "query.serviceName", "query.operationName", "query.attributes", "query.durationMin",
        "query.durationMax", "query.searchDepth", "service", "operation", "tags", "tag", "minDuration", "maxDuration", "start", "end", "traceID", "endTs", "lookback", "spanKind",
    ];

    static readonly string[] Values =
    [
        "", "0", "-1", "1", "18446744073709551615", "99999999999999999999", "1e400", "NaN", "2026-01-02T03:04:05Z", "9999-12-31T23:59:59.999999999Z", "0001-01-01T00:00:00Z", "2026-01-02T03:04:05+99:99",
        "1ms", "1h1h", "..s", "9999999999999h", "{}", "{\"a\":\"b\"}", "{\"duration\":\"x\"}", "{\"spans\":1}", "[[[[", "{\"a\":{\"a\":1}}", "a=b", "\"", "!", "!=", "a~", "name=*", "duration>1ms spans<3",
        "trace=zz", "kind=server", "*", "****************a", "<script>", "\0", "\u202e", "ä/ö%2F", "a:b", ":", "ffffffffffffffffffffffffffffffff", "../../x", "newest", "slowest",
    ];

    [TestMethod]
    [Timeout(30_000, CooperativeCancellation = true)]
    public async Task No_question_is_answered_with_an_error_of_ours()
    {
        await using var viewer = await Viewer.StartAsync(context, [.. Sample.Order, .. Sample.Values]);
        var random = new Random(1);
        for (var i = 0; i < 1500; i++)
        {
            var path = Paths[random.Next(Paths.Length)].Replace("{0}", Uri.EscapeDataString(Values[random.Next(Values.Length)]).Replace("%00", "x", StringComparison.Ordinal), StringComparison.Ordinal); // the server itself refuses that one
            var query = string.Join('&', Enumerable.Range(0, random.Next(5)).Select(_ => $"{Names[random.Next(Names.Length)]}={Uri.EscapeDataString(Values[random.Next(Values.Length)])}"));
            if (random.Next(3) == 0) // so that the rest is looked at
                query = $"query.startTimeMin=2020-01-01T00:00:00Z&query.startTimeMax=2030-01-01T00:00:00Z&{query}";
            using var response = await viewer.Client.GetAsync(new Uri($"{path}?{query}", UriKind.Relative), context.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(context.CancellationToken);
            Assert.IsTrue(response.StatusCode is < HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented, $"{path}?{query}: {response.StatusCode} {text}");
            Assert.IsGreaterThan(0, text.Length, $"{path}?{query}: {response.StatusCode}");
        }
    }
}
