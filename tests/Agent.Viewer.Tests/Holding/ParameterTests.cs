using Microsoft.AspNetCore.Http;

namespace Agent.Viewer.Tests.Holding;

/// <summary>Whatever stands in an address: an answer that is none of ours failing, and a sentence that names what is not understood.</summary>
[TestClass]
public sealed class ParameterTests(TestContext context)
{
    static readonly (string Path, string[] Names)[] All =
    [
        ("/", ["q", "order", "hide", "since", "from", "to", "page"]), ("/live", ["q", "order", "hide", "since", "from", "to", "page", "version"]), ("/trace/1", ["span", "find", "open", "rows"]), ("/trace/1/rows", ["find", "open"]),
        ("/trace/1/find", ["q"]), ("/route", ["service", "name", "n"]), ("/route?service=shop&name=GET+%2Fa", ["n"]), ("/compare", ["a", "b", "service", "name", "at"]), ("/compare?a=1", ["b"]),
        ("/compare?service=shop&name=GET+%2Fa", ["at"]), ("/routes", []), ("/map", []), ("/api/otlp/traces", ["filter", "from", "to", "order", "skip", "limit"]), ("/api/otlp/traces/1", []),
        ("/api/services", []), ("/api/services/shop/operations", []), ("/api/operations", ["service", "spanKind"]), ("/api/traces", ["service", "operation", "tags", "tag", "minDuration", "maxDuration", "start", "end", "limit", "traceID"]),
        ("/api/traces/1", ["start", "end", "raw"]), ("/api/dependencies", ["endTs", "lookback"]), ("/api/v3/services", []), ("/api/v3/operations", ["service", "spanKind"]),
        ("/api/v3/trace-summaries", []),
        ("/api/v3/trace-summaries?query.startTimeMin=1970-01-01T00:00:00Z&query.startTimeMax=2100-01-01T00:00:00Z",
            ["query.serviceName", "query.operationName", "query.attributes", "query.durationMin", "query.durationMax", "query.searchDepth"]),
        ("/api/v3/traces?query.startTimeMin=1970-01-01T00:00:00Z&query.startTimeMax=2100-01-01T00:00:00Z", ["query.serviceName", "query.attributes", "query.searchDepth"]),
        ("/api/v3/traces?query.startTimeMin=1970-01-01T00:00:00Z", ["query.startTimeMax"]), ("/api/v3/traces?query.startTimeMax=1970-01-01T00:00:00Z", ["query.startTimeMin"]), ("/api/v3/traces/1", []),
    ];

    static readonly string[] Odd =
    [
        "", "%20", "0", "-1", "1", "99999999999999999999999999", "NaN", "0x10", "1.5", "abc", "true", "null", "{}", "[]", "{%22a%22:{}}", "{%22a%22:null}", "{%22\\ud800%22:%22\\ud800%22}", "{%22a%22:1", "%00", "%FF%FE", "%ED%A0%80",
        "%F0%9F%98%80", "%E2%80%AE", "%0D%0Aa:b", "%22%3E%3Cplanted%3E", "%25", "%", "*", "**********************************************************************a", "!", "!!", "=", "a=", "=a", "a>b", "%22", "a~%22", "duration>",
        "duration>99999999999999999999999999999s", "kind=x", "error=x", "error>1", "spans>NaN", "2026-01-02T03:04:05Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00%2B14:00",
        "2026-01-02T03:04:05.Z", "1h", "999999999999h", ".", "..ms", "1m1", "a:b", ":", "ffffffffffffffffffffffffffffffff", "00000000000000000000000000000000", "g", "%EF%BC%91",
    ];

    [TestMethod]
    public async Task No_parameter_of_any_path_makes_it_fail()
    {
        await using var held = await Held.StartAsync(context);
        await held.SendAsync(Hostile.Request(Hostile.Span(1, 1, 0), Hostile.Span(1, 2, 1), Hostile.Span(2, 1, 0)));
        // Cut in the middle of a character wherever it is cut.
        string[] odd = [.. Odd, new string('a', 5000), string.Concat(Enumerable.Repeat("%F0%9F%98%80", 400)), "a" + string.Concat(Enumerable.Repeat("%F0%9F%98%80", 400)), string.Concat(Enumerable.Repeat("a ", 2000))];
        foreach (var (path, names) in All)
        {
            await held.GetAsync(path);
            foreach (var name in names)
            {
                var start = path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + name;
                await held.GetAsync(start);
                foreach (var value in odd)
                {
                    var (status, _, text) = await held.GetAsync($"{start}={value}", isLookedInto: value.Length < 20 && value.Contains("planted", StringComparison.Ordinal));
                    if (status == StatusCodes.Status400BadRequest)
                        Assert.IsTrue(text.Length > 20 && text.Trim().Contains(' ', StringComparison.Ordinal), $"{start}={value}: {text}");
                }

                await held.GetAsync($"{start}=abc&{name}=1&{name}=", isLookedInto: false);
            }
        }

        // In the path itself.
        foreach (var pattern in held.Patterns.Where(static pattern => pattern.Contains('{', StringComparison.Ordinal) && !pattern.StartsWith("/opentelemetry", StringComparison.Ordinal)))
        {
            foreach (var value in odd.Where(static value => value is not ("" or "%00" or "%")))
                await held.GetAsync(System.Text.RegularExpressions.Regex.Replace(pattern, "{[^}]*}", value), isLookedInto: false);
        }
    }

    [TestMethod]
    public async Task What_is_not_understood_is_named()
    {
        await using var held = await Held.StartAsync(context);
        await held.SendAsync(Hostile.Request(Hostile.Span(1, 1, 0)));
        foreach (var (path, name, status) in ((string, string, int)[])
        [
            ("/?order=x", "order", 200), ("/?since=x", "since", 200), ("/?from=x", "from", 200), ("/?to=x", "to", 200), ("/?page=x", "page", 200), ("/?q=duration>x", "x", 200), ("/route?n=x", "n", 400), ("/compare?at=x", "at", 400),
            ("/api/otlp/traces?filter=a>b", "a", 400), ("/api/otlp/traces?from=x", "from", 400), ("/api/otlp/traces?to=x", "to", 400), ("/api/otlp/traces?order=x", "order", 400), ("/api/otlp/traces?skip=-1", "skip", 400),
            ("/api/otlp/traces?limit=0", "limit", 400), ("/api/otlp/traces?follow=x", "follow", 400), ("/api/traces?tags=x", "tags", 400), ("/api/traces?tag=x", "tag", 400), ("/api/traces?minDuration=x", "minDuration", 400),
            ("/api/traces?maxDuration=x", "maxDuration", 400), ("/api/traces?start=x", "start", 400), ("/api/traces?end=x", "end", 400), ("/api/traces?limit=x", "limit", 400), ("/api/traces?traceID=x", "trace id", 400),
            ("/api/dependencies?endTs=x", "endTs", 400), ("/api/dependencies?lookback=x", "lookback", 400), ("/api/operations", "service", 400), ("/api/v3/operations", "service", 400),
            ("/api/v3/traces?query.startTimeMin=x&query.startTimeMax=x", "query.startTimeMin", 400), ("/api/v3/traces", "query.startTimeMax", 400),
        ])
        {
            var answer = await held.GetAsync(path);
            Assert.AreEqual(status, answer.Status, path);
            Assert.Contains(name, answer.Text, path);
            if (status == 200)
                Assert.Contains("expected is", answer.Text.Replace("is no duration", "expected is", StringComparison.Ordinal), path);
        }
    }
}
