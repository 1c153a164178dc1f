using System.Globalization;
using System.Text;

namespace Agent.Viewer.Programs.Mcp;

/// <summary>A trace as an indented text: a line for each span with start, duration and self time; names are not cut.</summary>
sealed class TreeText
{
    const int MaxIndent = 60;

    // After so many spans that have no room any more, there is hardly any.
    const int MaxMisfits = 1000;

    // As many equal siblings without children become one line.
    const int Many = 4;

    readonly StringBuilder _text = new();
    readonly Trace _trace;
    readonly HashSet<TraceNode> _shown;

    TreeText(Trace trace, HashSet<TraceNode> shown) => (_trace, _shown) = (trace, shown);

    /// <summary>Writes one.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="maxSpans">How many spans are shown: those that failed and the longest ones, with what is above them.</param>
    public static string Write(Trace trace, int maxSpans)
    {
        var shown = Choose(trace, maxSpans);
        var tree = new TreeText(trace, shown);
        var errors = trace.Nodes.Count(node => node.Span.StatusCode == SpanStatusCode.Error);
        tree._text.Append(
            CultureInfo.InvariantCulture,
            $"Trace {trace.TraceId}, started {SpanText.Time(trace.StartUnixNano)}, {DurationText.Format(trace.EndUnixNano - trace.StartUnixNano)}, {trace.Nodes.Count} spans, {errors} with errors, {trace.OrphanCount} without their parents.\n");
        tree._text.Append("start: after the trace's start; self: duration without that of children; #: span id.\n");
        if (shown.Count < trace.Nodes.Count)
            tree._text.Append(CultureInfo.InvariantCulture, $"{trace.Nodes.Count - shown.Count} spans are left out, the shortest ones; max_spans shows more.\n");
        tree._text.Append("   start  duration      self  span\n");
        tree.WriteSiblings(trace.Roots, 0);
        return tree._text.ToString();
    }

    static HashSet<TraceNode> Choose(Trace trace, int maxSpans)
    {
        if (trace.Nodes.Count <= maxSpans)
            return [.. trace.Nodes];
        var chosen = new HashSet<TraceNode>();
        var misfits = 0;
        foreach (var node in trace.Nodes.OrderByDescending(node => node.Span.StatusCode == SpanStatusCode.Error).ThenByDescending(node => node.Span.DurationNano))
        {
            // What is above comes with it, so a very deep one has no room at all.
            if (node.Depth >= maxSpans)
                continue;
            var missing = 0;
            for (var above = node; above is not null && !chosen.Contains(above); above = above.Parent)
                missing++;
            if (chosen.Count + missing > maxSpans)
            {
                if (++misfits == MaxMisfits)
                    break;
                continue;
            }

            for (var above = node; above is not null && chosen.Add(above);)
                above = above.Parent;
        }

        return chosen;
    }

    // As deep as the shown spans at most, whose count is bounded.
    void WriteSiblings(IReadOnlyList<TraceNode> siblings, int depth)
    {
        var shown = siblings.Where(_shown.Contains).ToList();
        for (var i = 0; i < shown.Count;)
        {
            var count = 1;
            while (i + count < shown.Count && AreEqual(shown[i], shown[i + count]))
                count++;
            if (count >= Many)
            {
                WriteMany(shown.GetRange(i, count), depth);
                i += count;
            }
            else
            {
                WriteOne(shown[i++], depth);
            }
        }

        if (shown.Count < siblings.Count)
        {
            var leftOut = siblings.Where(node => !_shown.Contains(node)).ToList();
            Indent(depth).Append(CultureInfo.InvariantCulture, $"… {leftOut.Count} more, {Sum(leftOut)} in sum, the longest {DurationText.Format(leftOut.Max(node => node.Span.DurationNano))}\n");
        }
    }

    void WriteOne(TraceNode node, int depth)
    {
        Columns(node.Span.StartUnixNano, node.Span.DurationNano, node.SelfNano, depth).Append(SpanText.Line(node)).Append('\n');
        foreach (var e in node.Span.Events.Where(e => e.Name == "exception"))
            Indent(depth + 1).Append(CultureInfo.InvariantCulture, $"! {ErrorGroups.Headline(e)}\n");
        foreach (var link in node.Span.Links.Take(3))
            Indent(depth + 1).Append(link.TraceId == _trace.TraceId ? $"→ span {link.SpanId}\n" : $"→ trace {link.TraceId}\n");
        if (node.Span.Links.Count > 3)
            Indent(depth + 1).Append(CultureInfo.InvariantCulture, $"→ {node.Span.Links.Count - 3} more links\n");
        WriteSiblings(node.Children, depth + 1);
    }

    void WriteMany(List<TraceNode> nodes, int depth)
    {
        var sum = nodes.Aggregate(0UL, (sum, node) => sum + node.Span.DurationNano);
        Columns(nodes[0].Span.StartUnixNano, sum, sum, depth).Append(
            CultureInfo.InvariantCulture,
            $"{nodes.Count} × {SpanText.Line(nodes[0])} ({DurationText.Format(nodes.Min(node => node.Span.DurationNano))} to {DurationText.Format(nodes.Max(node => node.Span.DurationNano))} each; the first one is shown)\n");
    }

    static bool AreEqual(TraceNode one, TraceNode other) => IsPlain(one) && IsPlain(other) && one.Span.Name == other.Span.Name && one.Span.Kind == other.Span.Kind;

    static bool IsPlain(TraceNode node) => node.Children.Count == 0 && node.Span.StatusCode != SpanStatusCode.Error && node.Span.Events.Count == 0 && node.Span.Links.Count == 0;

    static string Sum(IEnumerable<TraceNode> nodes) => DurationText.Format(nodes.Aggregate(0UL, (sum, node) => sum + node.Span.DurationNano));

    StringBuilder Columns(ulong start, ulong duration, ulong self, int depth) => _text
        .Append(CultureInfo.InvariantCulture, $"{DurationText.Format(start - _trace.StartUnixNano),8}  {DurationText.Format(duration),8}  {DurationText.Format(self),8}  ")
        .Append(' ', 2 * Math.Min(depth, MaxIndent)).Append(depth > MaxIndent ? $"(depth {depth}) " : "");

    StringBuilder Indent(int depth) => _text.Append(' ', 30 + 2 * Math.Min(depth, MaxIndent));
}
