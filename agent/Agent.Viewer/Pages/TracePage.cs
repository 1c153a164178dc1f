using Agent.Viewer.Storage;

namespace Agent.Viewer.Pages;

/// <summary>A category's part of a trace's time.</summary>
/// <param name="Category">The category.</param>
/// <param name="Spans">How many spans.</param>
/// <param name="SelfNano">Their own time, in nanoseconds.</param>
/// <param name="Offset">The parts of the categories before it, 0 to 1.</param>
/// <param name="Share">Its part, 0 to 1.</param>
public sealed record CategoryShare(SpanCategory Category, int Spans, ulong SelfNano, double Offset, double Share);

/// <summary>A rectangle in time.</summary>
/// <param name="X">Where it begins, 0 to 1000 of the trace's duration.</param>
/// <param name="Width">How long it is, likewise.</param>
public readonly record struct TimeRange(double X, double Width);

/// <summary>Some of the rows of a trace.</summary>
/// <param name="View">The trace's page.</param>
/// <param name="Blocks">The rows.</param>
public sealed record TraceBlocksPage(TracePage View, IEnumerable<IReadOnlyList<TraceRow>> Blocks);

/// <summary>One trace as a waterfall.</summary>
public sealed class TracePage
{
    // More would not be seen apart in a bar or in the overview.
    const int MostRectangles = 400;

    // More than anybody scrolls through, and than a browser takes.
    const int MostRows = 20_000;

    // The style sheet has the height of so many that show.
    const int RowsOfBlock = 50;
    const int FoldedRowsOfBlock = 300;
    const int FirstBlockCount = 6;
    readonly HashSet<string> _found;
    readonly string _rest;
    readonly int _first = FirstBlockCount;

    /// <summary>Looks through a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="state">What the store holds.</param>
    /// <param name="options">The viewer's options.</param>
    /// <param name="selected">The id of the span whose details are shown; null for none.</param>
    /// <param name="find">What is looked for in its spans; empty for nothing.</param>
    /// <param name="opensAll">Whether nothing is folded.</param>
    /// <param name="hasAllRows">Whether all rows are part of the page, however many.</param>
    public TracePage(Trace trace, StoreState state, ViewerOptions options, string? selected, string find, bool opensAll, bool hasAllRows = false)
    {
        (Trace, State, Find, OpensAll) = (trace, state, find, opensAll);
        _rest = $"{(opensAll ? "&open=all" : "")}{(find.Length > 0 ? $"&find={Uri.EscapeDataString(find)}" : "")}";
        Analysis = new TraceAnalysis(trace);
        var rows = TraceRows.Of(Analysis);
        (Rows, RowsLeftOut) = rows.Count <= MostRows ? (rows, 0) : ([.. rows.Take(MostRows)], rows.Count - MostRows);
        Blocks = BlocksOf();
        Root = trace.Roots[0];
        _found = find.Length == 0 ? [] : [.. Matches(trace, find)];
        if (selected is not null && trace.Nodes.FirstOrDefault(node => node.Span.SpanId == selected) is { } chosen)
            Selected = new SpanPage(chosen, Analysis, options);
        // Without JavaScript a span that was asked for must be there.
        _first = hasAllRows || Selected is not null && !FirstBlocks.Any(block => block.Any(row => row.Node == Selected.Node)) ? Blocks.Count : FirstBlockCount;
        Depth = trace.Nodes.Max(static node => node.Depth) + 1;
        Errors = trace.Nodes.Count(static node => node.Span.StatusCode == SpanStatusCode.Error);
        Services = [.. trace.Nodes.Select(static node => SpanDetails.Service(node.Span)).Distinct()];
        Shares = SharesOf();
    }

    /// <summary>The trace.</summary>
    public Trace Trace { get; }

    /// <summary>What it says beyond its spans.</summary>
    public TraceAnalysis Analysis { get; }

    /// <summary>The waterfall.</summary>
    public IReadOnlyList<TraceRow> Rows { get; }

    /// <summary>How many rows there are beyond those.</summary>
    public int RowsLeftOut { get; }

    /// <summary>The rows in blocks of as many as a few screens show; browsers lay out only those that are in sight.</summary>
    public IReadOnlyList<IReadOnlyList<TraceRow>> Blocks { get; }

    /// <summary>Those that are part of the page; the others, of a very large trace, come after it, so that the first ones show at once.</summary>
    public IEnumerable<IReadOnlyList<TraceRow>> FirstBlocks => Blocks.Take(_first);

    /// <summary>The others.</summary>
    public IEnumerable<IReadOnlyList<TraceRow>> OtherBlocks => Blocks.Skip(_first);

    /// <summary>How many rows those have.</summary>
    public int RestCount => OtherBlocks.Sum(static block => block.Count);

    /// <summary>Where the others are.</summary>
    public string RestHref => $"/trace/{Trace.TraceId}/rows?{_rest.TrimStart('&')}";

    /// <summary>The page with all rows.</summary>
    public string AllHref => $"/trace/{Trace.TraceId}?rows=all{_rest}";

    /// <summary>The first root.</summary>
    public TraceNode Root { get; }

    /// <summary>The span whose details are shown; null for none.</summary>
    public SpanPage? Selected { get; }

    /// <summary>What is looked for.</summary>
    public string Find { get; }

    /// <summary>How many spans have it.</summary>
    public int FoundCount => _found.Count;

    /// <summary>Whether nothing is folded.</summary>
    public bool OpensAll { get; }

    /// <summary>How deep the tree is.</summary>
    public int Depth { get; }

    /// <summary>How many spans have the status Error.</summary>
    public int Errors { get; }

    /// <summary>The services in it.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>Where the time goes: own time by category, the largest first.</summary>
    public IReadOnlyList<CategoryShare> Shares { get; }

    /// <summary>What is held.</summary>
    public StoreState State { get; }

    /// <summary>What is around it.</summary>
    public Frame Frame => new(Name(Root.Span), "trace", State);

    /// <summary>From the first start to the last end, in nanoseconds.</summary>
    public ulong DurationNano => Trace.EndUnixNano - Trace.StartUnixNano;

    /// <summary>A span's name, or words for none.</summary>
    public static string Name(ReceivedSpan span) => span.Name.Length == 0 ? "(no name)" : span.Name;

    /// <summary>The ids of spans that have a text in their name, an attribute's name or value, an event or the status.</summary>
    public static IEnumerable<string> Matches(Trace trace, string text)
    {
        return trace.Nodes.Where(node => Has(node.Span)).Select(static node => node.Span.SpanId);

        bool Has(ReceivedSpan span) => In(span.Name) || In(span.StatusMessage) || In(span.SpanId) || Any(span.Attributes)
            || span.Events.Any(e => In(e.Name) || Any(e.Attributes));

        bool Any(IReadOnlyDictionary<string, object?> attributes) => attributes.Any(pair => In(pair.Key) || (pair.Value is { } value && In(SpanDetails.Text(value))));

        bool In(string word) => word.Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a row has what is looked for.</summary>
    public bool IsFound(TraceRow row) => row.Kind == RowKind.Span && _found.Contains(row.Node.Span.SpanId);

    /// <summary>Whether a row is not shown at first.</summary>
    public bool IsFolded(TraceRow row) => row.Place != RowPlace.Open && !OpensAll;

    /// <summary>Whether a row's folds are open at first.</summary>
    public bool IsExpanded(TraceRow row) => row.Kind == RowKind.Span || OpensAll;

    /// <summary>The classes of a row.</summary>
    public string Classes(TraceRow row)
    {
        var look = $"r d{Math.Min(row.Level, 50)}";
        if (row.Nodes.Any(static node => node.Span.StatusCode == SpanStatusCode.Error))
            look += " err";
        if (row.Kind == RowKind.Span && Analysis.IsThrower(row.Node))
            look += " threw";
        if (row.Place == RowPlace.InChain)
            look += " member";
        if (row.Kind != RowKind.Span)
            look += row.Kind == RowKind.Chain ? " chain" : " repeat";
        if (IsFound(row))
            look += " found";
        if (row.Kind == RowKind.Span && row.Node == Selected?.Node)
            look += " chosen";
        return look;
    }

    /// <summary>A row's id in the page.</summary>
    public static string Id(TraceRow row) => row.Kind switch
    {
        RowKind.Chain => $"chain-{row.Node.Span.SpanId}",
        RowKind.Repeat => $"repeat-{row.Node.Span.SpanId}",
        _ => row.Node.Span.SpanId,
    };

    /// <summary>A row's duration: a chain's is that of the outermost hook, repeated siblings are added up.</summary>
    public static ulong Nano(TraceRow row) => row.Kind == RowKind.Repeat ? Sum(row.Nodes, static node => node.Span.DurationNano) : row.Node.Span.DurationNano;

    /// <summary>A row's own time.</summary>
    public ulong SelfNano(TraceRow row) => Sum(row.Nodes, Analysis.SelfNano);

    /// <summary>The row's rectangles.</summary>
    public IEnumerable<TimeRange> Bars(TraceRow row) => row.Kind == RowKind.Repeat
        ? row.Nodes.Take(MostRectangles).Select(node => Range(node.Span.StartUnixNano, node.Span.StartUnixNano + node.Span.DurationNano))
        : [Range(row.Node.Span.StartUnixNano, row.Node.Span.StartUnixNano + row.Node.Span.DurationNano)];

    /// <summary>The parts of them that the end of the trace waited for.</summary>
    public IEnumerable<TimeRange> CriticalBars(TraceRow row) =>
        row.Nodes.Take(MostRectangles).SelectMany(Analysis.Critical).Take(MostRectangles).Select(part => Range(part.From, part.To));

    /// <summary>The rows of the overview: those that show, or of very many the longest.</summary>
    public IReadOnlyList<(TraceRow Row, int Line)> Overview
    {
        get
        {
            TraceRow[] shown = [.. Rows.Where(static row => row.Place == RowPlace.Open)];
            if (shown.Length > MostRectangles)
            {
                var least = shown.Select(Nano).OrderDescending().ElementAt(MostRectangles);
                shown = [.. shown.Where(row => Nano(row) >= least).Take(MostRectangles)];
            }

            return [.. shown.Select(static (row, i) => (row, i))];
        }
    }

    /// <summary>The address of the page, folded or not.</summary>
    public string Href(bool opensAll)
    {
        var find = Find.Length > 0 ? $"find={Uri.EscapeDataString(Find)}" : "";
        var open = opensAll ? "open=all" : "";
        return $"/trace/{Trace.TraceId}{(find.Length + open.Length > 0 ? "?" : "")}{open}{(find.Length > 0 && open.Length > 0 ? "&" : "")}{find}";
    }

    /// <summary>The address of a span and its details; short, for there are very many: beside this page's.</summary>
    public string RowHref(string span) => $"?span={span}{_rest}#{span}";

    static ulong Sum(IEnumerable<TraceNode> nodes, Func<TraceNode, ulong> part) => nodes.Aggregate(0UL, (sum, node) => sum + part(node));

    TimeRange Range(ulong from, ulong to)
    {
        var scale = DurationNano == 0 ? 0 : 1000.0 / DurationNano;
        return new((from - Trace.StartUnixNano) * scale, (to - from) * scale);
    }

    List<List<TraceRow>> BlocksOf()
    {
        var (blocks, shown) = (new List<List<TraceRow>> { new() }, 0);
        foreach (var row in Rows)
        {
            var isShown = !IsFolded(row);
            if (blocks[^1].Count == FoldedRowsOfBlock || isShown && shown == RowsOfBlock)
            {
                blocks.Add([]);
                shown = 0;
            }

            shown += isShown ? 1 : 0;

            blocks[^1].Add(row);
        }

        return blocks;
    }

    List<CategoryShare> SharesOf()
    {
        var groups = Trace.Nodes.GroupBy(static node => SpanLook.Category(node.Span))
            .Select(group => (Category: group.Key, Count: group.Count(), Self: Sum(group, Analysis.SelfNano))).OrderByDescending(static group => group.Self).ToList();
        var all = Math.Max(1, groups.Sum(static group => (double)group.Self));
        var shares = new List<CategoryShare>();
        var offset = 0.0;
        foreach (var (category, count, self) in groups)
        {
            shares.Add(new(category, count, self, offset, self / all));
            offset += self / all;
        }

        return shares;
    }
}
