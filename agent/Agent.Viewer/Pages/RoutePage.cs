using System.Globalization;
using Agent.Viewer.Storage;

namespace Agent.Viewer.Pages;

/// <summary>What spans of one name took in the requests of a route.</summary>
/// <param name="Name">The name.</param>
/// <param name="Category">What they stand for.</param>
/// <param name="PerRequest">How many there are in a request, on average.</param>
/// <param name="SelfNano">Their own time in a request, on average, in nanoseconds.</param>
/// <param name="Share">Their part of the time of all requests, 0 to 1.</param>
/// <param name="Errors">How many failed.</param>
public sealed record SpanCost(string Name, SpanCategory Category, double PerRequest, ulong SelfNano, double Share, int Errors);

/// <summary>A request as a dot: when and how long.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="X">From left to right, 0 to 1000.</param>
/// <param name="Y">From top (slow) to bottom, 0 to 100.</param>
public sealed record RequestDot(TraceSummary Trace, double X, double Y);

/// <summary>One route over many traces.</summary>
public sealed class RoutePage
{
    /// <summary>Over how many of the latest requests the flame graph is made unless the address says otherwise.</summary>
    public const int UsualRequests = 100;

    /// <summary>The most of them: each is read as a whole.</summary>
    public const int MostRequests = 500;

    // To have found so many of one service among those of a name that another service has, too.
    const int MostLooked = 5000;

    RoutePage(Frame frame, Route route, IReadOnlyList<TraceSummary> recent, CallTree tree, int requests)
    {
        (Frame, Route, Recent, Tree, Requests) = (frame, route, recent, tree, requests);
        Flames = FlameGraph.Of(tree);
        var all = Math.Max(1.0, tree.Top.WidthNano);
        Costs = [.. tree.InOrder.GroupBy(static place => (place.Name, place.Category)).Select(group => new SpanCost(
            group.Key.Name, group.Key.Category, (double)group.Sum(static place => place.Count) / tree.Requests,
            group.Aggregate(0UL, static (sum, place) => sum + place.SelfNano) / (ulong)tree.Requests,
            group.Sum(static place => (double)place.SelfNano) / all, group.Sum(static place => place.Errors))).OrderByDescending(static cost => cost.Share).Take(60)];
    }

    /// <summary>What is around it.</summary>
    public Frame Frame { get; }

    /// <summary>The route with its figures.</summary>
    public Route Route { get; }

    /// <summary>The latest requests, latest first.</summary>
    public IReadOnlyList<TraceSummary> Recent { get; }

    /// <summary>They in one tree.</summary>
    public CallTree Tree { get; }

    /// <summary>How many were asked for.</summary>
    public int Requests { get; }

    /// <summary>The flame graph.</summary>
    public IReadOnlyList<FlameBox> Flames { get; }

    /// <summary>The same by name, the costliest first.</summary>
    public IReadOnlyList<SpanCost> Costs { get; }

    /// <summary>The slowest of the latest requests.</summary>
    public IEnumerable<TraceSummary> Slowest => Recent.OrderByDescending(static trace => trace.Root.DurationNano).Take(6);

    /// <summary>The latest that failed.</summary>
    public IEnumerable<TraceSummary> Failed => Recent.Where(static trace => trace.ErrorCount > 0).Take(6);

    /// <summary>The one in the middle of the latest requests, to compare with.</summary>
    public TraceSummary Usual => Recent.OrderBy(static trace => trace.Root.DurationNano).ElementAt(Recent.Count / 2);

    /// <summary>The latest requests as dots; the height is a logarithm.</summary>
    public IEnumerable<RequestDot> Dots
    {
        get
        {
            var (from, to) = (Recent[^1].StartUnixNano, Recent[0].StartUnixNano);
            var (least, most) = (Log(Recent.Min(static trace => trace.Root.DurationNano)), Log(Recent.Max(static trace => trace.Root.DurationNano)));
            return Recent.Select(trace => new RequestDot(trace,
                to == from ? 500 : 10 + (trace.StartUnixNano - from) * 980.0 / (to - from),
                most - least < 0.001 ? 50 : 92 - (Log(trace.Root.DurationNano) - least) * 84 / (most - least)));

            static double Log(ulong nano) => Math.Log10(Math.Max(1, nano));
        }
    }

    /// <summary>The list of its traces.</summary>
    public string ListHref => new ListQuery { Q = Filter(Route.Service, Route.Name).ToString() }.Href();

    /// <summary>The address of a route's page.</summary>
    public static string Href(string service, string name, int requests = UsualRequests) =>
        $"/route?service={Uri.EscapeDataString(service)}&name={Uri.EscapeDataString(name)}{(requests == UsualRequests ? "" : string.Create(CultureInfo.InvariantCulture, $"&n={requests}"))}";

    /// <summary>The page; null if there is no such request.</summary>
    public static RoutePage? Of(TraceStore store, string service, string name, int? requests)
    {
        var count = Math.Clamp(requests ?? UsualRequests, 1, MostRequests);
        var filter = Filter(service, name);
        var recent = Latest(store, service, name, new TraceQuery { Filter = filter }, count);
        var route = store.Routes(new TraceQuery { Filter = filter }).FirstOrDefault(route => route.Service == service && route.Name == name);
        if (recent.Count == 0 || route is null)
            return null;
        var tree = new CallTree(recent.Select(trace => store.Find(trace.TraceId)).OfType<Trace>());
        return new(new(name, "routes", store.State), route, recent, tree, count);
    }

    /// <summary>The latest requests of a route that a query finds.</summary>
    public static IReadOnlyList<TraceSummary> Latest(TraceStore store, string service, string name, TraceQuery query, int count) =>
        [.. store.Find(query with { Filter = Filter(service, name), Limit = MostLooked }).Traces.Where(trace => trace.Service == service && trace.Root.Name == name).Take(count)];

    // What the filter finds is looked at again: * stands for anything in it, and in names for itself.
    static TraceFilter Filter(string service, string name) =>
        TraceFilter.Of([new("service", FilterOperator.Equal, service), new("root", FilterOperator.Equal, name)]);
}

/// <summary>All routes.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="Routes">The routes, the most frequent first.</param>
public sealed record RoutesPage(Frame Frame, IReadOnlyList<Route> Routes);
