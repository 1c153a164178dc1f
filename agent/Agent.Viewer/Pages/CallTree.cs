namespace Agent.Viewer.Pages;

/// <summary>A place in the tree of many requests: spans of one name below the same place.</summary>
public sealed class CallPlace
{
    readonly OrderedDictionary<(string, string, SpanKind), CallPlace> _children = [];

    internal CallPlace(CallPlace? parent, string name, string service, SpanCategory category)
    {
        (Parent, Name, Service, Category) = (parent, name, service, category);
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    /// <summary>The place above; null at the top.</summary>
    public CallPlace? Parent { get; }

    /// <summary>The spans' name.</summary>
    public string Name { get; }

    /// <summary>Who sent them.</summary>
    public string Service { get; }

    /// <summary>What they stand for.</summary>
    public SpanCategory Category { get; }

    /// <summary>0 for a root.</summary>
    public int Depth { get; }

    /// <summary>How many spans.</summary>
    public int Count { get; internal set; }

    /// <summary>How many of them have the status Error.</summary>
    public int Errors { get; internal set; }

    /// <summary>Their durations together, in nanoseconds.</summary>
    public ulong TotalNano { get; internal set; }

    /// <summary>Their own time together, in nanoseconds.</summary>
    public ulong SelfNano { get; internal set; }

    /// <summary>Their own time and that of everything below, in nanoseconds: the width in a flame graph.</summary>
    public ulong WidthNano { get; internal set; }

    /// <summary>The places below, in the order in which they were first seen.</summary>
    public IReadOnlyList<CallPlace> Children => _children.Values;

    internal CallPlace Below(ReceivedSpan span)
    {
        var key = (span.Name, SpanDetails.Service(span), span.Kind);
        if (!_children.TryGetValue(key, out var child))
            _children.Add(key, child = new CallPlace(this, span.Name, SpanDetails.Service(span), SpanLook.Category(span)));
        return child;
    }
}

/// <summary>Many requests in one tree: what each place took, over all of them.</summary>
public sealed class CallTree
{
    /// <summary>Adds traces up.</summary>
    public CallTree(IEnumerable<Trace> traces)
    {
        var places = new Dictionary<TraceNode, CallPlace>();
        foreach (var trace in traces)
        {
            Requests++;
            places.Clear();
            var analysis = new TraceAnalysis(trace);
            foreach (var node in trace.Nodes)
            {
                var place = (node.Parent is { } parent ? places[parent] : Top).Below(node.Span);
                places[node] = place;
                place.Count++;
                place.Errors += node.Span.StatusCode == SpanStatusCode.Error ? 1 : 0;
                place.TotalNano += node.Span.DurationNano;
                place.SelfNano += analysis.SelfNano(node);
            }
        }

        InOrder = Walk();
        for (var i = InOrder.Count - 1; i >= 0; i--)
        {
            InOrder[i].WidthNano += InOrder[i].SelfNano;
            InOrder[i].Parent!.WidthNano += InOrder[i].WidthNano;
        }
    }

    /// <summary>How many traces.</summary>
    public int Requests { get; }

    /// <summary>Stands above the roots; no span.</summary>
    public CallPlace Top { get; } = new(null, "", "", SpanCategory.Other);

    /// <summary>Every place before those below it.</summary>
    public IReadOnlyList<CallPlace> InOrder { get; }

    List<CallPlace> Walk()
    {
        var (all, open) = (new List<CallPlace>(), new Stack<CallPlace>(Top.Children.Reverse()));
        while (open.TryPop(out var place))
        {
            all.Add(place);
            foreach (var child in place.Children.Reverse())
                open.Push(child);
        }

        return all;
    }
}
