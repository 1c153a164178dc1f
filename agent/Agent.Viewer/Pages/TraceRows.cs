namespace Agent.Viewer.Pages;

/// <summary>A trace as rows: each span once, with chains of hooks and repeated siblings folded below a row of their own.</summary>
public static class TraceRows
{
    /// <summary>From how many siblings of one name on they are folded.</summary>
    public const int LeastRepeated = 3;

    /// <summary>From how many queries of one name on they are called N+1.</summary>
    public const int LeastNPlusOne = 5;

    /// <summary>The rows as one reads them.</summary>
    public static IReadOnlyList<TraceRow> Of(TraceAnalysis analysis)
    {
        var rows = new List<TraceRow>();
        var open = new Stack<Pending>();
        // A hook that took long itself is worth a row, whatever it handed on.
        var notable = Math.Max(1_000_000, (analysis.Trace.EndUnixNano - analysis.Trace.StartUnixNano) / 10);
        Push(open, analysis, analysis.Trace.Roots, 1, RowPlace.Open);
        while (open.TryPop(out var next))
        {
            var (nodes, level, place) = (next.Nodes, next.Level, next.Place);
            if (nodes.Count > 1)
            {
                rows.Add(new(RowKind.Repeat, level, nodes, place, true));
                foreach (var node in nodes.Reverse())
                    open.Push(new([node], level + 1, RowPlace.InRepeat));
                continue;
            }

            var chain = Chain(analysis, nodes[0], notable);
            if (chain.Count > 1)
            {
                rows.Add(new(RowKind.Chain, level, chain, place, true));
                // Inside of a closed repeat the chain's hooks are hidden with it; opened, all is open.
                foreach (var node in chain)
                {
                    var main = HandsOnTo(analysis, node);
                    rows.Add(new(RowKind.Span, level + 1, [node], place == RowPlace.Open ? RowPlace.InChain : place, false));
                    foreach (var leaf in node.Children.Where(child => child != main))
                        rows.Add(new(RowKind.Span, level + 2, [leaf], place == RowPlace.Open ? RowPlace.InChain : place, false));
                }

                open.Push(new([HandsOnTo(analysis, chain[^1])!], level + 1, place));
                continue;
            }

            rows.Add(new(RowKind.Span, level, nodes, place, nodes[0].Children.Count > 0));
            Push(open, analysis, nodes[0].Children, level + 1, place);
        }

        return rows;
    }

    /// <summary>Whether a folded row of repeated siblings is queries in a loop, where one query would have done.</summary>
    public static bool IsNPlusOne(TraceRow row) =>
        row.Kind == RowKind.Repeat && row.Nodes.Count >= LeastNPlusOne && SpanLook.Category(row.Node.Span) == SpanCategory.Database
        && row.Nodes.All(node => SpanLook.Text(node.Span, "db.query.text") == SpanLook.Text(row.Node.Span, "db.query.text"));

    /// <summary>«6 middlewares», «4 middlewares, 2 filters».</summary>
    public static string ChainText(TraceRow row) => string.Join(", ", row.Nodes.GroupBy(static node => Word(node.Span)).Select(static group =>
        $"{group.Count()} {group.Key}{(group.Count() == 1 ? "" : "s")}"));

    static string Word(ReceivedSpan hook)
    {
        var word = hook.Name.Split(' ')[0];
        return word is "middleware" or "filter" or "interceptor" ? word : "hook";
    }

    static void Push(Stack<Pending> open, TraceAnalysis analysis, IReadOnlyList<TraceNode> siblings, int level, RowPlace place)
    {
        if (siblings.Count < LeastRepeated)
        {
            for (var i = siblings.Count - 1; i >= 0; i--)
                open.Push(new([siblings[i]], level, place));
            return;
        }

        // The span that threw is never folded away.
        var groups = new OrderedDictionary<(string, string, SpanKind, string?), List<TraceNode>>();
        foreach (var node in siblings)
        {
            var only = analysis.IsThrower(node) || analysis.HasThrowerBelow(node) ? node.Span.SpanId : null;
            var key = (node.Span.Name, SpanDetails.Service(node.Span), node.Span.Kind, only);
            if (!groups.TryGetValue(key, out var group))
                groups.Add(key, group = []);
            group.Add(node);
        }

        var singles = groups.Values.Where(static group => group.Count < LeastRepeated).SelectMany(static group => group).ToHashSet();
        foreach (var node in siblings.Reverse())
        {
            if (singles.Contains(node))
                open.Push(new([node], level, place));
            else if (groups.Values.Count > 0 && First(node) is { } group)
                open.Push(new(group, level, place));
        }

        List<TraceNode>? First(TraceNode node) =>
            groups.GetValueOrDefault((node.Span.Name, SpanDetails.Service(node.Span), node.Span.Kind, null)) is { } group && group[0] == node ? group : null;
    }

    static List<TraceNode> Chain(TraceAnalysis analysis, TraceNode first, ulong notable)
    {
        var chain = new List<TraceNode>();
        for (var node = first; HandsOnTo(analysis, node) is { } main && analysis.SelfNano(node) <= notable; node = main)
            chain.Add(node);
        return chain;
    }

    // What a hook hands on to: its only child, but for what is a leaf and of the framework's (authorization, antiforgery); null if it does anything else, or has
    // something to tell: an exception handler runs a second time what comes after it.
    static TraceNode? HandsOnTo(TraceAnalysis analysis, TraceNode node)
    {
        if (SpanLook.Category(node.Span) != SpanCategory.Hook || analysis.IsThrower(node) || SpanLook.Badges(node.Span).Any()
            || node.Span.Name.StartsWith("exception handler", StringComparison.Ordinal))
        {
            return null;
        }

        var others = node.Children.Count == 1 ? node.Children : [.. node.Children.Where(child => !IsQuietLeaf(analysis, child))];
        return others.Count == 1 ? others[0] : null;
    }

    static bool IsQuietLeaf(TraceAnalysis analysis, TraceNode node) =>
        node.Children.Count == 0 && !analysis.IsThrower(node) && !SpanLook.Badges(node.Span).Any()
        && (node.Span.Name.StartsWith("authorization", StringComparison.Ordinal) || node.Span.Name.StartsWith("antiforgery", StringComparison.Ordinal));

    readonly record struct Pending(IReadOnlyList<TraceNode> Nodes, int Level, RowPlace Place);
}
