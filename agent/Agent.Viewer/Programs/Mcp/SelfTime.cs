namespace Agent.Viewer.Programs.Mcp;

/// <summary>Where the time really went.</summary>
static class SelfTime
{
    /// <summary>The time of a span during which none of its children ran, in nanoseconds.</summary>
    public static ulong Of(TraceNode node)
    {
        var (at, end) = (node.Span.StartUnixNano, Math.Max(node.Span.StartUnixNano, node.Span.EndUnixNano));
        ulong self = 0;
        // They are sorted by their starts.
        foreach (var child in node.Children)
        {
            if (at >= end)
                return self;
            if (child.Span.StartUnixNano > at)
                self += Math.Min(child.Span.StartUnixNano, end) - at;
            at = Math.Max(at, child.Span.EndUnixNano);
        }

        return at < end ? self + end - at : self;
    }
}
