using System.Globalization;
using System.Text;

namespace Agent.Viewer;

/// <summary>Prints traces as trees for a terminal, a line per span: name, duration, bar on the trace's time scale, a few details.</summary>
/// <remarks>Each trace is written with one call to the writer, so traces printed on different threads do not mix.</remarks>
public sealed class TracePrinter(TextWriter output, TracePrinterOptions? options = null)
{
    const int Gutter = 2;
    const int DurationColumns = 8;
    const int LinksShown = 3;
    readonly TracePrinterOptions _options = options ?? new TracePrinterOptions();

    /// <summary>Prints one trace and an empty line.</summary>
    /// <param name="trace">What to print.</param>
    /// <param name="isContinued">Whether an earlier state of this trace was printed before; the header says so.</param>
    public void Print(Trace trace, bool isContinued = false)
    {
        var layout = Layout.For(trace, Math.Max(60, _options.Width ?? TerminalWidth()));
        var text = new StringBuilder();
        text.Append(Header(trace, isContinued, layout)).Append('\n');
        foreach (var node in trace.Nodes)
        {
            text.Append(SpanLine(trace, node, layout)).Append('\n');
            foreach (var (note, style) in Notes(node.Span))
                text.Append(Line(layout).To(Gutter).Add(Tree(node, layout, isNote: true), Style.Dim).Add(note, style)).Append('\n');
        }

        output.Write(text.Append('\n').ToString());
    }

    static int TerminalWidth() => Console.IsOutputRedirected || Console.WindowWidth < 1 ? 120 : Console.WindowWidth;

    StyledLine Line(Layout layout) => new(layout.Width, _options.Color);

    StyledLine Header(Trace trace, bool isContinued, Layout layout)
    {
        var start = TimeZoneInfo.ConvertTime(DateTimeOffset.UnixEpoch.AddTicks((long)(trace.StartUnixNano / 100)), _options.TimeZone);
        var services = string.Join(", ", trace.Nodes.Select(node => SpanDetails.Service(node.Span)).Distinct());
        var line = Line(layout)
            .Add("●", trace.Nodes.Any(IsError) ? Style.Red : Style.Green)
            .To(Gutter).Add(StyledLine.Shorten(services, 36), Style.Bold)
            .Gap().Add(start.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture))
            .Gap().Add(DurationText.Format(trace.EndUnixNano - trace.StartUnixNano), Style.Bold)
            .Gap().Add(Count(trace.Nodes.Count, "span"))
            .Gap().Add(trace.TraceId, Style.Dim);
        if (isContinued)
            line.Gap().Add("(continued)", Style.Yellow);
        if (trace.OrphanCount > 0)
            line.Gap().Add($"{Count(trace.OrphanCount, "span")} without {(trace.OrphanCount == 1 ? "its" : "their")} parent", Style.Yellow);
        return line;
    }

    StyledLine SpanLine(Trace trace, TraceNode node, Layout layout)
    {
        var span = node.Span;
        var tree = Tree(node, layout);
        var line = Line(layout)
            .Add(IsError(node) ? "✗" : "", Style.Red)
            .To(Gutter).Add(tree, Style.Dim)
            .Add(StyledLine.Shorten(span.Name, layout.Name - tree.Length), IsError(node) ? Style.Red : node.Depth == 0 ? Style.Bold : Style.Plain);

        var duration = DurationText.Format(span.DurationNano);
        line.To(layout.BarStart - 2 - duration.Length).Add(duration);

        var bar = TimeBar.Draw(span.StartUnixNano, span.EndUnixNano, trace.StartUnixNano, trace.EndUnixNano, layout.Bar);
        var before = bar.Length - bar.TrimStart().Length;
        line.To(layout.BarStart + before).Add(bar.Trim(), BarStyle(node));

        line.To(layout.BarStart + layout.Bar);
        foreach (var (detail, style) in SpanDetails.Of(node, _options.Attributes))
        {
            line.To(layout.BarStart + layout.Bar + 2);
            line.Add(detail, style).Gap();
        }

        return line;
    }

    /// <summary>The lines below a span: what went wrong and what it links to.</summary>
    static IEnumerable<(string Text, Style Style)> Notes(ReceivedSpan span)
    {
        var messages = "";
        foreach (var exception in span.Events.Where(e => e.Name == "exception"))
        {
            var type = exception.Attributes.GetValueOrDefault("exception.type") as string ?? "";
            var message = exception.Attributes.GetValueOrDefault("exception.message") as string ?? "";
            messages += message;
            yield return (type + (message.Length > 0 ? ": " : "") + message, Style.Red);
        }

        if (!messages.Contains(span.StatusMessage, StringComparison.Ordinal))
            yield return (span.StatusMessage, Style.Red);

        foreach (var link in span.Links.Take(LinksShown))
        {
            var target = link.TraceId == span.TraceId ? $"span {link.SpanId} of this trace" : $"trace {link.TraceId}";
            yield return ($"↗ links to {target}", Style.Cyan);
        }

        if (span.Links.Count > LinksShown)
            yield return ($"↗ and {Count(span.Links.Count - LinksShown, "more link")}", Style.Cyan);
    }

    /// <summary>The lines that connect a node with its parent, or that pass by a note below it. Of very deep trees the last levels.</summary>
    static string Tree(TraceNode node, Layout layout, bool isNote = false)
    {
        var tree = new StringBuilder();
        if (isNote)
            tree.Append(node.Children.Count > 0 ? "│ " : "  ");
        var at = node;
        for (; at.Parent is { } parent && tree.Length < layout.Indent; at = parent)
        {
            var isLast = parent.Children[^1] == at;
            tree.Insert(0, at == node && !isNote ? (isLast ? "└╴" : "├╴") : (isLast ? "  " : "│ "));
        }

        if (at.Parent is not null)
            tree[0] = '…';
        return tree.ToString();
    }

    static bool IsError(TraceNode node) => node.Span.StatusCode == SpanStatusCode.Error;

    static Style BarStyle(TraceNode node) => node.Span switch
    {
        { StatusCode: SpanStatusCode.Error } => Style.Red,
        { Kind: SpanKind.Server or SpanKind.Consumer } => Style.Cyan,
        { Kind: SpanKind.Client or SpanKind.Producer } => Style.Yellow,
        _ => Style.Blue,
    };

    static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    /// <summary>Where the columns of one trace are; all in characters.</summary>
    readonly record struct Layout(int Width, int Name, int Indent, int Bar, int BarStart)
    {
        public static Layout For(Trace trace, int width)
        {
            // A fifth for the bar, at least a fifth for the details; the name column is as wide as this trace needs, so that a small trace
            // does not have its names far away from its times.
            var fifth = Math.Min(width / 5, 40);
            var longest = trace.Nodes.Max(node => 2 * node.Depth + node.Span.Name.Length);
            var room = width - Gutter - 1 - DurationColumns - 2 - fifth - 2 - fifth;
            var name = Math.Min(Math.Max(longest, 32), room);
            return new Layout(width, name, Math.Max(2, (name - 16) / 2 * 2), fifth, Gutter + name + 1 + DurationColumns + 2);
        }
    }
}
