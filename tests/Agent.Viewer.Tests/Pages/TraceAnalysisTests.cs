using Agent.Viewer.Pages;

namespace Agent.Viewer.Tests.Pages;

[TestClass]
public sealed class TraceAnalysisTests
{
    [TestMethod]
    public void Own_time_is_what_no_child_covers()
    {
        var analysis = Analyze(
            Make.Span('1', null, "root", 0, 100),
            Make.Span('2', '1', "beside", 10, 40),
            Make.Span('3', '1', "beside too", 20, 60),
            Make.Span('4', '1', "runs on", 90, 200),
            Make.Span('5', '1', "before its time", 0, 0));

        Assert.AreEqual(40_000UL, analysis.SelfNano(analysis.Trace.Roots[0])); // 0–10, 60–90
    }

    [TestMethod]
    public void The_critical_path_is_what_the_end_waited_for()
    {
        var analysis = Analyze(
            Make.Span('1', null, "root", 0, 100),
            Make.Span('2', '1', "first", 10, 30),
            Make.Span('3', '1', "short beside long", 35, 50),
            Make.Span('4', '1', "long", 30, 90),
            Make.Span('5', '4', "inside", 40, 85),
            Make.Span('6', '1', "fire and forget", 95, 500));

        Assert.AreEqual(
            """
            root: 0-10
            first: 10-30
            long: 30-40
            inside: 40-85
            long: 85-90
            root: 90-95
            fire and forget: 95-100
            """,
            Path(analysis));
    }

    [TestMethod]
    public void One_span_threw_and_the_others_passed_it_on()
    {
        var analysis = new TraceAnalysis(Sample.Boom(1, 0).ToTrace());

        Assert.AreEqual("page /Boom OnGet", string.Join(", ", analysis.Throwers.Select(static node => node.Span.Name)));
    }

    [TestMethod]
    public void An_exception_that_spans_record_one_after_the_other_was_thrown_by_the_deepest()
    {
        var analysis = Analyze(
            Make.Span('1', null, "root", 0, 100).Failed().Throwing("E", "late"),
            Make.Span('2', '1', "call", 10, 90).Failed().Throwing("E", "late"),
            Make.Span('3', '2', "deepest", 20, 80).Failed().Throwing("E", "late"),
            Make.Span('4', '3', "is well", 30, 40));

        Assert.AreEqual("deepest", string.Join(", ", analysis.Throwers.Select(static node => node.Span.Name)));
    }

    [TestMethod]
    public void Clocks_that_go_backwards_harm_nothing()
    {
        var analysis = Analyze(
            Make.Span('1', null, "root", 50, 20),
            Make.Span('2', '1', "child", 10, 5),
            Make.Span('3', '2', "its child", 0, 100));

        Assert.AreEqual(0UL, analysis.SelfNano(analysis.Trace.Roots[0]));
        Assert.AreEqual("", Path(analysis));
    }

    static TraceAnalysis Analyze(params ReceivedSpan[] spans) => new(new Trace(spans));

    // In microseconds after the trace's start, by their beginning.
    static string Path(TraceAnalysis analysis)
    {
        var parts = analysis.Trace.Nodes.SelectMany(node => analysis.Critical(node).Select(part => (node.Span.Name, part.From, part.To))).OrderBy(static part => part.From).ToList();
        return string.Join('\n', parts.Select(part => $"{part.Name}: {Micro(part.From)}-{Micro(part.To)}"));

        ulong Micro(ulong time) => (time - analysis.Trace.StartUnixNano) / 1000;
    }
}
