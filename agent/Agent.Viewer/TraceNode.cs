namespace Agent.Viewer;

/// <summary>A span at its place in the tree of its trace.</summary>
public sealed class TraceNode
{
    readonly List<TraceNode> _children = [];

    internal TraceNode(ReceivedSpan span) => Span = span;

    /// <summary>The span.</summary>
    public ReceivedSpan Span { get; }

    /// <summary>The node above; null for a root.</summary>
    public TraceNode? Parent { get; private set; }

    /// <summary>0 for a root, 1 for its children, and so on.</summary>
    public int Depth { get; internal set; }

    /// <summary>The nodes below: earlier start first, then later end first, then in the order of arrival.</summary>
    public IReadOnlyList<TraceNode> Children => _children;

    /// <summary>The time of the span in which none of its children ran, in nanoseconds: its own.</summary>
    public ulong SelfNano
    {
        get
        {
            var (cursor, end, covered) = (Span.StartUnixNano, Span.StartUnixNano + Span.DurationNano, 0UL);
            foreach (var child in _children)
            {
                var from = Math.Max(child.Span.StartUnixNano, cursor);
                var to = Math.Min(child.Span.EndUnixNano, end);
                if (to <= from)
                    continue;
                covered += to - from;
                cursor = to;
            }

            return Span.DurationNano - covered;
        }
    }

    /// <summary>True if this span names a parent in its own process that is not in the trace, so its true place is unknown.</summary>
    public bool IsOrphan => Parent is null && Span.ParentSpanId is not null && !Span.ParentIsRemote;

    internal void Add(TraceNode child)
    {
        _children.Add(child);
        child.Parent = this;
    }

    internal void Detach()
    {
        Parent?._children.Remove(this);
        Parent = null;
    }

    /// <summary>The order in which nodes of one parent are shown; the sort keeps the order of arrival where it says nothing.</summary>
    internal static IEnumerable<TraceNode> Sort(IEnumerable<TraceNode> nodes) =>
        nodes.OrderBy(node => node.Span.StartUnixNano).ThenByDescending(node => node.Span.EndUnixNano);
}
