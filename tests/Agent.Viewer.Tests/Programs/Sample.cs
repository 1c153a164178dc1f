namespace Agent.Viewer.Tests.Programs;

/// <summary>Traces that have what traces can have.</summary>
static class Sample
{
    public const string Hostile = "<script>alert('\"&\\')</script>\u0000\u0007\u001b\u2028\u202e😀";

    /// <summary>Trace <c>a</c>: the shop asks the stock, whose query fails. It lasts 90 ms.</summary>
    public static IReadOnlyList<ReceivedSpan> Order { get; } =
    [
        (Make.Span('1', null, "GET /orders/{id}", 0, 90_000) with { Kind = SpanKind.Server, ScopeName = "Microsoft.AspNetCore", ScopeVersion = "10.0" })
            .With(("http.route", "/orders/{id}"), ("http.response.status_code", 500L)).Failed(),
        Make.Span('2', '1', "page /Order OnGetAsync", 10_000, 80_000).With(("dispatch.kind", "load")).Failed("No stock")
            .Throwing("Shop.StockException", "No stock") with { ScopeName = "Agent.AspNetCore" },
        Make.Span('3', '2', "GET", 20_000, 70_000).With(("url.full", "http://stock/items/7")) with { Kind = SpanKind.Client, ScopeName = "System.Net.Http" },
        (Make.Span('4', '3', "GET items/{id}", 30_000, 60_000) with { Kind = SpanKind.Server, ParentIsRemote = true, TraceState = "a=b" }).From("stock"),
        Make.Span('5', '4', "SELECT items", 35_000, 55_000).With(("db.system.name", "sqlite")).From("stock").Failed() with { Kind = SpanKind.Client },
    ];

    /// <summary>Trace <c>b</c>, one second later: everything that an attribute can hold, and links.</summary>
    public static IReadOnlyList<ReceivedSpan> Values { get; } =
    [
        (Make.Span('1', null, Hostile, 1_000_000, 1_001_234, 'b') with { StatusCode = SpanStatusCode.Ok }).With(
            ("text", Hostile), ("yes", true), ("count", 9_007_199_254_740_993), ("ratio", 0.5), ("none", null), ("bytes", new byte[] { 0xfb, 0xff }), ("not a number", double.NaN),
            ("infinite", double.NegativeInfinity), ("list", new object?[] { "a", 1L, null, new object?[] { 2.5 } }),
            ("map", new OrderedDictionary<string, object?> { ["inner"] = new OrderedDictionary<string, object?> { ["deep"] = false } }), (Hostile, "name"), ("", "no name"))
            .LinkedTo(('a', '1'), ('c', '9')),
        // Its parent did not come.
        Make.Span('3', '2', "", 1_000_500, 1_000_600, 'b'),
    ];
}
