namespace Agent.Viewer.Tests;

[TestClass]
public sealed class TraceAssemblerTests
{
    readonly FakeTime _time = new();
    readonly List<string> _handedOut = [];

    [TestMethod]
    public void A_complete_trace_is_handed_out_after_300_ms_of_quiet()
    {
        using var assembler = Start();
        assembler.Add([Make.Span('2', '1', "child", 1, 2)]);
        _time.Advance(200);
        assembler.Add([Make.Span('1', null, "root", 0, 3)]);

        _time.Advance(299);
        AssertHandedOut();
        _time.Advance(1);
        AssertHandedOut("a: root child");
        _time.Advance(60_000);
        AssertHandedOut("a: root child");
    }

    [TestMethod]
    public void A_trace_called_from_another_process_is_complete_without_its_parent()
    {
        using var assembler = Start();
        assembler.Add([Make.Span('2', '9', "server", 1, 2) with { ParentIsRemote = true }, Make.Span('3', '2', "child", 1, 2)]);

        _time.Advance(300);

        AssertHandedOut("a: server child");
    }

    [TestMethod]
    public void A_trace_without_its_root_is_given_up_after_10_s_without_news()
    {
        using var assembler = Start();
        assembler.Add([Make.Span('2', '1', "child", 1, 2)]);
        _time.Advance(6_000);
        assembler.Add([Make.Span('3', '1', "second child", 3, 4)]);

        _time.Advance(9_999);
        AssertHandedOut();
        _time.Advance(1);
        AssertHandedOut("a: child second child, 2 orphans");
    }

    [TestMethod]
    public void A_waiting_trace_does_not_delay_another_one()
    {
        using var assembler = Start();
        assembler.Add([Make.Span('2', '1', "child", 1, 2, 'a')]);
        _time.Advance(5_000);
        assembler.Add([Make.Span('1', null, "other", 1, 2, 'b')]);

        _time.Advance(300);
        AssertHandedOut("b: other");
        _time.Advance(4_700);
        AssertHandedOut("b: other", "a: child, 1 orphans");
    }

    [TestMethod]
    public void Traces_due_together_are_handed_out_in_the_order_of_their_start()
    {
        using var assembler = Start();
        assembler.Add([Make.Span('1', null, "second", 2, 3, 'a'), Make.Span('1', null, "first", 1, 3, 'b')]);

        _time.Advance(300);

        AssertHandedOut("b: first", "a: second");
    }

    [TestMethod]
    public void A_late_span_brings_the_whole_trace_again()
    {
        using var assembler = Start();
        assembler.Add([Make.Span('1', null, "root", 0, 9)]);
        _time.Advance(300);
        assembler.Add([Make.Span('2', '1', "late", 1, 2)]);
        _time.Advance(300);

        AssertHandedOut("a: root", "a: root late (continued)");
    }

    [TestMethod]
    public void A_repeated_export_is_no_news()
    {
        using var assembler = Start();
        assembler.Add([Make.Span('1', null, "root", 0, 9)]);
        _time.Advance(300);
        assembler.Add([Make.Span('1', null, "root", 0, 9)]);
        _time.Advance(20_000);
        assembler.Complete();

        AssertHandedOut("a: root");
    }

    [TestMethod]
    public void Complete_hands_out_what_waits_and_nothing_else()
    {
        using var assembler = Start();
        assembler.Add([Make.Span('1', null, "done", 0, 1, 'a')]);
        _time.Advance(300);
        assembler.Add([Make.Span('1', null, "whole", 5, 6, 'b'), Make.Span('2', '9', "part", 3, 4, 'c')]);

        assembler.Complete();
        AssertHandedOut("a: done", "c: part, 1 orphans", "b: whole");
        assembler.Complete();
        Assert.HasCount(3, _handedOut);
    }

    [TestMethod]
    public void What_was_handed_out_is_forgotten_first_when_memory_is_full()
    {
        using var assembler = Start(capacity: 3);
        assembler.Add([Make.Span('1', null, "old", 0, 9, 'a')]);
        _time.Advance(300);
        assembler.Add([Make.Span('1', null, "new", 0, 9, 'b'), Make.Span('2', '1', "x", 1, 2, 'b'), Make.Span('3', '1', "y", 3, 4, 'b')]);
        AssertHandedOut("a: old");

        assembler.Add([Make.Span('4', '1', "z", 5, 6, 'b')]);
        AssertHandedOut("a: old", "b: new x y z");

        // Both are forgotten: a span that comes now stands alone.
        assembler.Add([Make.Span('2', '1', "late", 1, 2, 'a'), Make.Span('5', '1', "late", 1, 2, 'b')]);
        _time.Advance(10_000);
        AssertHandedOut("a: old", "b: new x y z", "a: late, 1 orphans", "b: late, 1 orphans");
    }

    TraceAssembler Start(int capacity = 1_000) => new(
        assembled => _handedOut.Add(
            $"{assembled.Trace.TraceId[0]}: {string.Join(' ', assembled.Trace.Nodes.Select(node => node.Span.Name))}"
            + (assembled.Trace.OrphanCount > 0 ? $", {assembled.Trace.OrphanCount} orphans" : "")
            + (assembled.IsContinued ? " (continued)" : "")),
        new TraceAssemblerOptions { SpanCapacity = capacity },
        _time);

    void AssertHandedOut(params string[] expected) => Assert.AreEqual(string.Join('\n', expected), string.Join('\n', _handedOut));
}
