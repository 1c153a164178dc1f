using Agent.Viewer.Pages;

namespace Agent.Viewer.Tests.Pages;

[TestClass]
public sealed class TraceRowsTests
{
    [TestMethod]
    public void Hooks_that_only_hand_on_are_one_row_and_queries_in_a_loop_another()
    {
        var analysis = new TraceAnalysis(Sample.Page(1, 0).ToTrace());

        Assert.AreEqual(
            """
            1 GET Products/{id:int}
            2 5 middlewares [100 µs]
            3 (middleware ExceptionHandler)
            3 (middleware StaticFile)
            3 (middleware Program.cs:29)
            3 (middleware Visitor)
            3 (middleware Maintenance)
            3 endpoint Products/{id:int}
            4 page /Products/Details OnGetAsync
            5 14 × SELECT Products, 11.2 ms N+1
            """ + string.Concat(Enumerable.Repeat("\n6 (SELECT Products)", 14)) + "\n4 view /Pages/Products/Details.cshtml",
            Text(analysis));
    }

    [TestMethod]
    public void What_does_more_than_hand_on_has_a_row_of_its_own()
    {
        var sample = new Sample(1);
        var root = sample.AddRequest("GET /", 0, 10_000);
        var quick = sample.AddHook(root, "middleware Quick", 10, 9990);
        var slow = sample.AddHook(quick, "middleware Slow", 20, 9980); // 2 ms of its own
        var asks = sample.AddHook(slow, "middleware Asks", 2000, 9970);
        sample.AddQuery(asks, "SELECT Users", 2100, 2200);
        var audit = sample.AddHook(asks, "filter Audit action", 2300, 9960);
        var timing = sample.AddHook(audit, "filter Timing action", 2310, 9950);
        sample.AddHook(timing, "antiforgery", 2320, 2330);
        var last = sample.AddHook(timing, "middleware Last", 2340, 9940);
        sample.Add(last, "endpoint /", 2350, 9930);

        Assert.AreEqual(
            """
            1 GET /
            2 middleware Quick
            3 middleware Slow
            4 middleware Asks
            5 SELECT Users
            5 2 filters, 1 middleware [70 µs]
            6 (filter Audit action)
            6 (filter Timing action)
            7 (antiforgery)
            6 (middleware Last)
            6 endpoint /
            """,
            Text(new TraceAnalysis(sample.ToTrace())));
    }

    [TestMethod]
    public void The_span_that_threw_is_never_folded_away()
    {
        var sample = new Sample(1);
        var root = sample.AddRequest("GET /", 0, 1000);
        for (var i = 0UL; i < 4; i++)
            sample.Add(root, "try", i * 100, i * 100 + 50, span => i == 2 ? span.Throwing("System.TimeoutException", "late") : span);

        Assert.AreEqual(
            """
            1 GET /
            2 3 × try, 150 µs
            3 (try)
            3 (try)
            3 (try)
            2 try
            """,
            Text(new TraceAnalysis(sample.ToTrace())));
    }

    [TestMethod]
    public void A_hook_that_has_something_to_tell_is_not_in_a_chain()
    {
        var sample = new Sample(1);
        var root = sample.AddRequest("GET /", 0, 1000);
        var first = sample.AddHook(root, "middleware First", 10, 990);
        var again = sample.AddHook(first, "exception handler", 20, 980);
        var second = sample.AddHook(again, "middleware First", 30, 970);
        var socket = sample.Add(second, "middleware Socket", 40, 960, ("dispatch.kind", "hook"), ("dispatch.connection.long", true));
        sample.Add(socket, "endpoint /Error", 50, 950);

        Assert.AreEqual(
            """
            1 GET /
            2 middleware First
            3 exception handler
            4 middleware First
            5 middleware Socket
            6 endpoint /Error
            """,
            Text(new TraceAnalysis(sample.ToTrace())));
    }

    [TestMethod]
    public void A_tree_may_be_as_deep_as_its_sender_likes()
    {
        var sample = new Sample(1);
        int? above = null;
        for (var i = 0; i < 20_000; i++)
            above = i % 2 == 0 ? sample.AddHook(above, "middleware Deep", (ulong)i, 100_000 - (ulong)i) : sample.Add(above, "deep", (ulong)i, 100_000 - (ulong)i);

        var analysis = new TraceAnalysis(sample.ToTrace());

        Assert.HasCount(20_000, TraceRows.Of(analysis));
        Assert.HasCount(20_000, new CallTree([analysis.Trace]).InOrder);
    }

    static string Text(TraceAnalysis analysis) => string.Join('\n', TraceRows.Of(analysis).Select(row => $"{row.Level} {Text(analysis, row)}"));

    static string Text(TraceAnalysis analysis, TraceRow row) => row.Kind switch
    {
        RowKind.Chain => $"{TraceRows.ChainText(row)} [{DurationText.Format(row.Nodes.Aggregate(0UL, (sum, node) => sum + analysis.SelfNano(node)))}]",
        RowKind.Repeat => $"{row.Nodes.Count} × {row.Node.Span.Name}, {DurationText.Format(TracePage.Nano(row))}{(TraceRows.IsNPlusOne(row) ? " N+1" : "")}",
        _ => row.Place == RowPlace.Open ? row.Node.Span.Name : $"({row.Node.Span.Name})",
    };
}
