namespace Agent.Viewer;

/// <summary>The spans of one trace id as a tree, or as several trees if parents are missing.</summary>
public sealed class Trace
{
    readonly List<TraceNode> _inTreeOrder = [];

    /// <summary>Builds the tree. Of spans with the same span id (a repeated export) the first counts.</summary>
    /// <exception cref="ArgumentException">There are no spans, or they belong to different traces.</exception>
    public Trace(IEnumerable<ReceivedSpan> spans)
    {
        var byId = new OrderedDictionary<string, TraceNode>();
        foreach (var span in spans)
            byId.TryAdd(span.SpanId, new TraceNode(span));
        if (byId.Count == 0)
            throw new ArgumentException("A trace needs at least one span.", nameof(spans));
        TraceId = byId.GetAt(0).Value.Span.TraceId;
        if (byId.Values.Select(node => node.Span).FirstOrDefault(span => span.TraceId != TraceId) is { } stranger)
            throw new ArgumentException($"Span {stranger.SpanId} belongs to trace {stranger.TraceId}, the first one to {TraceId}.", nameof(spans));

        // Children are added in sorted order, so every list of children is sorted without another step.
        var sorted = TraceNode.Sort(byId.Values).ToList();
        var roots = new List<TraceNode>();
        foreach (var node in sorted)
        {
            if (node.Span.ParentSpanId is { } parent && byId.TryGetValue(parent, out var above))
                above.Add(node);
            else
                roots.Add(node);
        }

        foreach (var root in roots)
            Walk(root);
        BreakCircles(sorted, roots);

        Roots = roots;
        StartUnixNano = byId.Values.Min(node => node.Span.StartUnixNano);
        EndUnixNano = Math.Max(StartUnixNano, byId.Values.Max(node => node.Span.EndUnixNano));
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public string TraceId { get; }

    /// <summary>The spans whose parent is absent, sorted like <see cref="TraceNode.Children"/>; at least one.</summary>
    public IReadOnlyList<TraceNode> Roots { get; }

    /// <summary>All nodes as one reads the tree: every node before its children, those in their order.</summary>
    public IReadOnlyList<TraceNode> Nodes => _inTreeOrder;

    /// <summary>The earliest start in nanoseconds since 1970-01-01 UTC.</summary>
    public ulong StartUnixNano { get; }

    /// <summary>The latest end in nanoseconds since 1970-01-01 UTC.</summary>
    public ulong EndUnixNano { get; }

    /// <summary>From the earliest start to the latest end, cut to 100 ns.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks((long)((EndUnixNano - StartUnixNano) / 100));

    /// <summary>How many spans name a parent in their own process that is absent. 0: everything is where it belongs.</summary>
    public int OrphanCount => Roots.Count(root => root.IsOrphan);

    /// <summary>One trace per trace id, the one that started first first.</summary>
    public static IReadOnlyList<Trace> Group(IEnumerable<ReceivedSpan> spans) =>
        [.. spans.GroupBy(span => span.TraceId).Select(group => new Trace(group)).OrderBy(trace => trace.StartUnixNano)];

    // With a stack of its own: the depth of a trace is up to the sender.
    void Walk(TraceNode root)
    {
        var open = new Stack<TraceNode>([root]);
        while (open.TryPop(out var node))
        {
            node.Depth = node.Parent is { } parent ? parent.Depth + 1 : 0;
            _inTreeOrder.Add(node);
            foreach (var child in node.Children.Reverse())
                open.Push(child);
        }
    }

    // Spans that are each other's ancestors hang on no root; nothing that was received may get lost, so the earliest becomes one.
    void BreakCircles(List<TraceNode> sorted, List<TraceNode> roots)
    {
        if (_inTreeOrder.Count == sorted.Count)
            return;
        var reached = _inTreeOrder.ToHashSet();
        foreach (var node in sorted)
        {
            if (reached.Contains(node))
                continue;
            var before = _inTreeOrder.Count;
            node.Detach();
            roots.Add(node);
            Walk(node);
            for (var i = before; i < _inTreeOrder.Count; i++)
                reached.Add(_inTreeOrder[i]);
        }
    }
}
