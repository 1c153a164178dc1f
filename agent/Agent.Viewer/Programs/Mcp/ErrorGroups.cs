using System.Globalization;
using System.Text;

namespace Agent.Viewer.Programs.Mcp;

/// <summary>What failed in some traces: equal failures together, each with an example and its stack trace.</summary>
static class ErrorGroups
{
    const int MaxStackLines = 40;
    const int MaxStackLine = 300;

    /// <summary>Type and message of an event that is an exception.</summary>
    public static string Headline(SpanEvent exception)
    {
        var type = exception.Attributes.GetValueOrDefault("exception.type") as string ?? "";
        var message = exception.Attributes.GetValueOrDefault("exception.message") as string ?? "";
        return SpanText.Shorten(SpanText.OneLine(type + (type.Length > 0 && message.Length > 0 ? ": " : "") + message));
    }

    /// <summary>The failures of these traces, the most frequent first.</summary>
    /// <param name="traces">The traces.</param>
    /// <param name="most">How many different failures are shown.</param>
    public static string Write(IEnumerable<Trace> traces, int most)
    {
        var groups = traces.SelectMany(Failures)
            .GroupBy(failure => (failure.Headline, failure.Node.Span.Name, Service: SpanDetails.Service(failure.Node.Span)))
            .OrderByDescending(group => group.Count()).ThenByDescending(group => group.Max(failure => failure.Node.Span.StartUnixNano)).ToList();
        var text = new StringBuilder();
        foreach (var group in groups.Take(most))
        {
            var last = group.MaxBy(failure => failure.Node.Span.StartUnixNano);
            text.Append(CultureInfo.InvariantCulture, $"{group.Count()} × {(group.Key.Headline.Length > 0 ? group.Key.Headline : "(no exception and no message)")}\n");
            text.Append(CultureInfo.InvariantCulture, $"  in span: {SpanText.Line(last.Node)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  below: {string.Join(" > ", Above(last.Node))}\n");
            text.Append(CultureInfo.InvariantCulture, $"  last: {SpanText.Time(last.Node.Span.StartUnixNano)} in trace {last.Node.Span.TraceId}\n");
            WriteStack(text, last.Exception?.Attributes.GetValueOrDefault("exception.stacktrace") as string);
            text.Append('\n');
        }

        if (groups.Count > most)
            text.Append(CultureInfo.InvariantCulture, $"{groups.Count - most} other failures are left out, {groups.Skip(most).Sum(group => group.Count())} times in all; a filter or max_errors shows them.\n");
        return text.ToString();
    }

    /// <summary>
    /// Where something failed: spans that recorded an exception, and spans with the status Error below which nothing did. An exception goes
    /// up through many spans; only the deepest one of a branch that has it counts.
    /// </summary>
    static List<(TraceNode Node, SpanEvent? Exception, string Headline)> Failures(Trace trace)
    {
        var failures = new List<(TraceNode, SpanEvent?, string)>();
        // What came up from below a span: the exceptions, and an empty text for an error without one.
        var below = new Dictionary<TraceNode, HashSet<string>>();
        // Children before their parents.
        foreach (var node in trace.Nodes.Reverse())
        {
            if (!below.Remove(node, out var known))
                known = [];
            var exceptions = node.Span.Events.Where(e => e.Name == "exception").ToList();
            foreach (var exception in exceptions)
            {
                if (Headline(exception) is var headline && known.Add(headline))
                    failures.Add((node, exception, headline));
            }

            if (node.Span.StatusCode == SpanStatusCode.Error && known.Add("") && known.Count == 1)
                failures.Add((node, null, Message(node.Span)));
            if (node.Parent is { } parent && known.Count > 0)
            {
                if (!below.TryGetValue(parent, out var others))
                    below.Add(parent, known);
                else
                    others.UnionWith(known);
            }
        }

        return failures;
    }

    static string Message(ReceivedSpan span) =>
        SpanText.Shorten(SpanText.OneLine(span.StatusMessage.Length > 0 ? span.StatusMessage : span.Attributes.GetValueOrDefault("error.type") as string ?? ""));

    static List<string> Above(TraceNode node)
    {
        var names = new List<string>();
        for (var above = node.Parent; above is not null; above = above.Parent)
            names.Add(SpanText.OneLine(above.Span.Name));
        names.Reverse();
        return names switch
        {
            [] => ["(nothing: it is the root)"],
            { Count: > 12 } => [.. names.Take(6), $"… {names.Count - 12} more …", .. names.TakeLast(6)],
            _ => names,
        };
    }

    static void WriteStack(StringBuilder text, string? stack)
    {
        if (string.IsNullOrWhiteSpace(stack))
            return;
        var lines = stack.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var line in lines.Take(MaxStackLines))
            text.Append("    ").Append(SpanText.Shorten(SpanText.OneLine(line), MaxStackLine)).Append('\n');
        if (lines.Length > MaxStackLines)
            text.Append(CultureInfo.InvariantCulture, $"    … {lines.Length - MaxStackLines} more lines; get_span has them\n");
    }
}
