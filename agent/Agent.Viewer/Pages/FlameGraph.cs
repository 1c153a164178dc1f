namespace Agent.Viewer.Pages;

/// <summary>A box of a flame graph.</summary>
/// <param name="Place">What it stands for.</param>
/// <param name="X">Where it begins, 0 to 1000.</param>
/// <param name="Width">How wide it is, likewise: its own time and that of everything below, of that of all.</param>
/// <param name="Line">Which line, 0 at the top.</param>
public sealed record FlameBox(CallPlace Place, double X, double Width, int Line);

/// <summary>A flame graph: the widths are own times, so what runs beside each other is not counted twice, and a line is never wider than the one above.</summary>
public static class FlameGraph
{
    // Narrower ones are not seen and would only make the page large.
    const double LeastWidth = 0.5;

    // Deeper than any app that a person reads.
    const int MostLines = 80;

    /// <summary>The boxes, those above before those below.</summary>
    public static IReadOnlyList<FlameBox> Of(CallTree tree)
    {
        var boxes = new List<FlameBox>();
        if (tree.Top.WidthNano == 0)
            return boxes;
        var scale = 1000.0 / tree.Top.WidthNano;
        var open = new Stack<(CallPlace Place, double X)>();
        Push(tree.Top, 0);
        while (open.TryPop(out var next))
        {
            boxes.Add(new(next.Place, next.X, next.Place.WidthNano * scale, next.Place.Depth - 1));
            Push(next.Place, next.X);
        }

        return boxes;

        void Push(CallPlace place, double x)
        {
            foreach (var child in place.Children)
            {
                if (child.WidthNano * scale >= LeastWidth && child.Depth <= MostLines)
                    open.Push((child, x));
                x += child.WidthNano * scale;
            }
        }
    }
}
