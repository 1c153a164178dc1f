namespace Agent.Viewer.Tests;

[TestClass]
public sealed class TraceTests
{
    [TestMethod]
    public void Children_stand_below_their_parent_whatever_the_order_of_arrival()
    {
        var trace = new Trace([Make.Span('3', '2', "c", 20, 30), Make.Span('1', null, "a", 0, 100), Make.Span('2', '1', "b", 10, 90)]);

        Assert.AreEqual("a > b > c", string.Join(" > ", trace.Nodes.Select(node => node.Span.Name)));
        Assert.AreEqual("0 1 2", string.Join(' ', trace.Nodes.Select(node => node.Depth)));
        Assert.AreSame(trace.Roots.Single(), trace.Nodes[1].Parent);
        Assert.AreEqual(0, trace.OrphanCount);
        Assert.AreEqual(Make.TraceId('a'), trace.TraceId);
        Assert.AreEqual(TimeSpan.FromMicroseconds(100), trace.Duration);
    }

    [TestMethod]
    public void Children_are_sorted_by_start_then_later_end_then_arrival()
    {
        var trace = new Trace(
        [
            Make.Span('1', null, "root", 0, 100),
            Make.Span('5', '1', "late", 20, 30),
            Make.Span('4', '1', "short, came first", 10, 15),
            Make.Span('3', '1', "short, came second", 10, 15),
            Make.Span('2', '1', "long", 10, 50),
        ]);

        Assert.AreEqual("long|short, came first|short, came second|late", Names(trace.Roots[0].Children));
    }

    [TestMethod]
    public void A_missing_parent_makes_an_orphan_but_a_remote_one_does_not()
    {
        var trace = new Trace(
        [
            Make.Span('1', '8', "orphan", 10, 20),
            Make.Span('2', '9', "called from outside", 0, 30) with { ParentIsRemote = true },
            Make.Span('3', null, "root", 5, 30),
        ]);

        Assert.AreEqual("called from outside|root|orphan", string.Join('|', trace.Roots.Select(node => node.Span.Name)));
        Assert.AreEqual("False|False|True", string.Join('|', trace.Roots.Select(node => node.IsOrphan)));
        Assert.AreEqual(1, trace.OrphanCount);
    }

    [TestMethod]
    public void A_remote_parent_that_is_present_is_a_parent()
    {
        var trace = new Trace([Make.Span('2', '1', "server", 5, 9) with { ParentIsRemote = true }, Make.Span('1', null, "client", 0, 10)]);

        Assert.AreEqual("client", trace.Roots.Single().Span.Name);
        Assert.AreEqual("server", trace.Roots[0].Children.Single().Span.Name);
    }

    [TestMethod]
    public void A_span_received_twice_counts_once()
    {
        var trace = new Trace([Make.Span('1', null, "first", 0, 10), Make.Span('1', null, "again", 0, 10)]);

        Assert.AreEqual("first", trace.Nodes.Single().Span.Name);
    }

    [TestMethod]
    public void Spans_in_a_circle_are_all_kept()
    {
        var trace = new Trace([Make.Span('1', '2', "a", 1, 10), Make.Span('2', '1', "b", 0, 10), Make.Span('3', '3', "own parent", 5, 6)]);

        Assert.AreEqual("b a own parent", string.Join(' ', trace.Nodes.Select(node => node.Span.Name)));
        Assert.AreEqual("b|own parent", string.Join('|', trace.Roots.Select(node => node.Span.Name)));
    }

    [TestMethod]
    public void A_trace_of_spans_of_two_traces_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => new Trace([Make.Span('1', null, "a", 0, 1), Make.Span('2', null, "b", 0, 1, 'b')]));

        Assert.AreEqual(
            $"Span 2222222222222222 belongs to trace {Make.TraceId('b')}, the first one to {Make.TraceId('a')}. (Parameter 'spans')",
            error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => new Trace([]));
    }

    [TestMethod]
    public void Group_makes_one_trace_per_id_the_earliest_first()
    {
        var traces = Trace.Group(
        [
            Make.Span('1', null, "late", 9, 10, 'b'),
            Make.Span('1', null, "early", 0, 1, 'c'),
            Make.Span('2', '1', "late child", 9, 10, 'b'),
        ]);

        Assert.AreEqual("early, late|late child", string.Join(", ", traces.Select(trace => Names(trace.Nodes))));
    }

    static string Names(IEnumerable<TraceNode> nodes) => string.Join('|', nodes.Select(node => node.Span.Name));
}
