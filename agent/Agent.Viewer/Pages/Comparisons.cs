using System.Globalization;
using Agent.Viewer.Storage;

namespace Agent.Viewer.Pages;

/// <summary>Finds what a comparison's address names.</summary>
static class Comparisons
{
    public static ComparePage Traces(TraceStore store, Trace a, Trace b)
    {
        return new(new("Compared", "none", store.State), Side(a), Side(b));

        static ComparedSide Side(Trace trace) =>
            new($"{TracePage.Name(trace.Roots[0].Span)} {SpanLook.Path(trace.Roots[0].Span)}".Trim(), $"/trace/{trace.TraceId}", new CallTree([trace]), trace.EndUnixNano - trace.StartUnixNano);
    }

    /// <summary>A route before and after a moment; null if there are no requests on one side.</summary>
    public static ComparePage? Route(TraceStore store, string service, string name, DateTimeOffset at)
    {
        var moment = ListQuery.UnixNano(at);
        var before = RoutePage.Latest(store, service, name, new TraceQuery { To = moment }, RoutePage.UsualRequests);
        var after = RoutePage.Latest(store, service, name, new TraceQuery { From = moment }, RoutePage.UsualRequests);
        return before.Count == 0 || after.Count == 0
            ? null
            : new(new($"{name} before and after", "routes", store.State), Side(before, "before", "to"), Side(after, "after", "from"));

        ComparedSide Side(IReadOnlyList<TraceSummary> traces, string word, string limit) => new(
            $"{name} {word} {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC",
            new ListQuery { Q = TraceFilter.Of([new("service", FilterOperator.Equal, service), new("root", FilterOperator.Equal, name)]).ToString(), From = limit == "from" ? at : null, To = limit == "to" ? at : null }.Href(),
            new CallTree(traces.Select(trace => store.Find(trace.TraceId)).OfType<Trace>()),
            traces.Select(static trace => trace.Root.DurationNano).Order().ElementAt(traces.Count / 2));
    }

    /// <summary>Traces to compare one with: the latest of its route.</summary>
    public static CompareChoicePage Choice(TraceStore store, string a, string b)
    {
        IReadOnlyList<TraceSummary> others = [];
        if (store.Find(a) is { } trace)
        {
            var root = trace.Roots[0].Span;
            others = [.. RoutePage.Latest(store, SpanDetails.Service(root), root.Name, new TraceQuery(), 30).Where(other => other.TraceId != trace.TraceId)];
        }

        return new(new("Compare", "none", store.State), a, b, others);
    }
}
