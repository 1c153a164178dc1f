namespace Agent.Viewer.Pages;

/// <summary>What a tree of spans says beyond the spans: whose time it is, which of them the end waited for, who threw. Depth is up to the sender, so nothing here recurses.</summary>
public sealed class TraceAnalysis
{
    readonly Dictionary<TraceNode, List<(ulong From, ulong To)>> _critical = [];
    readonly Dictionary<TraceNode, ulong> _self = [];
    readonly HashSet<TraceNode> _hasThrowerBelow = [];
    readonly HashSet<TraceNode> _throwers = [];

    /// <summary>Looks through a trace.</summary>
    public TraceAnalysis(Trace trace)
    {
        Trace = trace;
        // Children come after their parents in Nodes, so from the end everything below a node is known when the node is.
        for (var i = trace.Nodes.Count - 1; i >= 0; i--)
        {
            var node = trace.Nodes[i];
            _self[node] = node.SelfNano;
            var isBelow = _hasThrowerBelow.Contains(node);
            if (!isBelow && SpanLook.Exception(node.Span) is not null)
                _throwers.Add(node);
            if (node.Parent is { } parent && (isBelow || _throwers.Contains(node)))
                _hasThrowerBelow.Add(parent);
        }

        FindCriticalPath(trace.Roots.MaxBy(static root => root.Span.DurationNano)!);
        Throwers = [.. trace.Nodes.Where(_throwers.Contains)];
    }

    /// <summary>The trace.</summary>
    public Trace Trace { get; }

    /// <summary>Where an exception came from: spans that recorded one while none below them did. Spans above them only passed it on.</summary>
    public IReadOnlyList<TraceNode> Throwers { get; }

    /// <summary>Whether an exception came from this span.</summary>
    public bool IsThrower(TraceNode node) => _throwers.Contains(node);

    /// <summary>Whether an exception came from a span below this one.</summary>
    public bool HasThrowerBelow(TraceNode node) => _hasThrowerBelow.Contains(node);

    /// <summary>The time in which no child ran, in nanoseconds.</summary>
    public ulong SelfNano(TraceNode node) => _self[node];

    /// <summary>The parts of the critical path that are this span's own: had they been shorter, the trace would have been. In nanoseconds since 1970-01-01 UTC.</summary>
    public IReadOnlyList<(ulong From, ulong To)> Critical(TraceNode node) => _critical.TryGetValue(node, out var parts) ? parts : [];

    /// <summary>The time of the critical path that is this span's own, in nanoseconds.</summary>
    public ulong CriticalNano(TraceNode node) => Critical(node).Aggregate(0UL, static (sum, part) => sum + (part.To - part.From));

    // From the end backwards: a span waited for the child that ended last before that moment, and so on until that child's start.
    void FindCriticalPath(TraceNode root)
    {
        var open = new Stack<(TraceNode, ulong)>([(root, ulong.MaxValue)]);
        while (open.TryPop(out var next))
        {
            var (node, until) = next;
            var (start, end) = (node.Span.StartUnixNano, Math.Min(until, node.Span.StartUnixNano + node.Span.DurationNano));
            var cursor = end;
            foreach (var child in node.Children.Where(child => child.Span.StartUnixNano < end && child.Span.StartUnixNano >= start)
                .OrderByDescending(child => Math.Min(child.Span.EndUnixNano, end)).ThenByDescending(static child => child.Span.StartUnixNano))
            {
                var childEnd = Math.Min(child.Span.EndUnixNano, end);
                if (childEnd > cursor || childEnd < child.Span.StartUnixNano)
                    continue;
                Note(node, childEnd, cursor);
                cursor = child.Span.StartUnixNano;
                open.Push((child, childEnd));
            }

            Note(node, start, cursor);
        }
    }

    void Note(TraceNode node, ulong from, ulong to)
    {
        if (to <= from)
            return;
        if (!_critical.TryGetValue(node, out var parts))
            _critical.Add(node, parts = []);
        parts.Add((from, to));
    }
}
