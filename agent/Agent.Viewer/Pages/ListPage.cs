using System.Globalization;
using Agent.Viewer.Storage;

namespace Agent.Viewer.Pages;

/// <summary>A row of the list.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="Category">What its root stands for.</param>
/// <param name="Badges">The root's badges.</param>
/// <param name="Share">The length of its bar, 0 to 1: the longest trace shown has 1, and each tenth of its duration is as much shorter (a logarithm), so that one slow start does not flatten all others.</param>
public sealed record ListRow(TraceSummary Trace, SpanCategory Category, IReadOnlyList<Badge> Badges, double Share);

/// <summary>The live list of traces.</summary>
public sealed class ListPage
{
    readonly TraceFilter _filter = TraceFilter.Everything;

    /// <summary>Asks the store for what the address asks for.</summary>
    public ListPage(TraceStore store, ListQuery query, TimeProvider time)
    {
        Query = query;
        Version = store.Version;
        Wrong = query.Wrong;
        var found = new FoundTraces([], 0);
        try
        {
            _filter = TraceFilter.Parse(query.Q);
            found = store.Find(query.ToTraceQuery(time));
        }
        catch (FormatException wrong)
        {
            Wrong = wrong.Message;
        }

        State = store.State;
        Services = store.Services();
        Total = found.Total;
        var longest = found.Traces.Select(Nano).DefaultIfEmpty().Max();
        Rows = [.. found.Traces.Select(trace => new ListRow(trace, SpanLook.Category(trace.Root), [.. SpanLook.Badges(trace.Root)], SpanLook.Length(Nano(trace)) / SpanLook.Length(longest)))];
    }

    /// <summary>What the address says.</summary>
    public ListQuery Query { get; }

    /// <summary>The store's version when this was asked.</summary>
    public long Version { get; }

    /// <summary>What is not understood of the filter; null if all is.</summary>
    public string? Wrong { get; }

    /// <summary>What is held.</summary>
    public StoreState State { get; }

    /// <summary>All services.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>How many traces match.</summary>
    public int Total { get; }

    /// <summary>Those of this page.</summary>
    public IReadOnlyList<ListRow> Rows { get; }

    /// <summary>What is around it.</summary>
    public Frame Frame => new(Query.Q.Length > 0 ? $"{Query.Q} · Traces" : "Traces", "traces", State);

    /// <summary>The terms of the filter, each with a link that takes it out.</summary>
    public IEnumerable<Choice> Terms => _filter.Terms.Select(term => new Choice(TraceFilter.Write(term), Without(term), true));

    /// <summary>A click to filter by service.</summary>
    public IEnumerable<Choice> ServiceChoices => Services.Take(12).Select(service => Toggle(service, new("service", FilterOperator.Equal, service)));

    /// <summary>A click to filter by kind of span.</summary>
    public IEnumerable<Choice> KindChoices =>
    [
        Toggle("requests", new("kind", FilterOperator.Equal, "server")),
        Toggle("loads", new("dispatch.kind", FilterOperator.Equal, "load"), "c-load"),
        Toggle("actions", new("dispatch.kind", FilterOperator.Equal, "action"), "c-action"),
        Toggle("remote", new("dispatch.kind", FilterOperator.Equal, "remote"), "c-remote"),
        Toggle("database", new("db.system.name", FilterOperator.Exists, ""), "c-database"),
        Toggle("calls", new("kind", FilterOperator.Equal, "client"), "c-http"),
        Toggle("messages", new("messaging.system", FilterOperator.Exists, ""), "c-message"),
    ];

    /// <summary>A click to filter by how it ended.</summary>
    public IEnumerable<Choice> ResultChoices =>
    [
        Toggle("errors", new("error", FilterOperator.Exists, ""), "bad"),
        Toggle("redirects", new("dispatch.result.type", FilterOperator.Equal, "redirect")),
        Toggle("failed validation", new("dispatch.result.type", FilterOperator.Equal, "failure")),
        Toggle("over 100 ms", new("duration", FilterOperator.Greater, "100ms")),
    ];

    /// <summary>A click to hide what is seldom looked for.</summary>
    public IEnumerable<Choice> HideChoices =>
    [
        new("start", (Query with { HidesStart = !Query.HidesStart, Page = 1 }).Href(), Query.HidesStart),
        new("probes, static files", (Query with { HidesNoise = !Query.HidesNoise, Page = 1 }).Href(), Query.HidesNoise),
    ];

    /// <summary>A click to see only what is recent.</summary>
    public IEnumerable<Choice> SinceChoices => new (string Text, string Since)[] { ("last 5 min", "5m"), ("30 min", "30m"), ("4 h", "240m") }.Select(choice =>
        new Choice(choice.Text, (Query with { Since = Query.Since == choice.Since ? "" : choice.Since, Page = 1 }).Href(), Query.Since == choice.Since));

    /// <summary>The address of a column's head: sorts by it, the other way round if it is sorted by it already.</summary>
    public Choice Sort(string text, TraceOrder first, TraceOrder? second = null)
    {
        var isOn = Query.Order == first || Query.Order == second;
        var next = Query.Order == first ? second ?? TraceOrder.Newest : first;
        return new(text, (Query with { Order = next, Page = 1 }).Href(), isOn, Query.Order == first ? "down" : Query.Order == second ? "up" : "");
    }

    /// <summary>«1–100 of 2,345».</summary>
    public string Range
    {
        get
        {
            var first = (Query.Page - 1) * ListQuery.PageSize;
            return Total == 0 ? "no traces" : string.Create(CultureInfo.InvariantCulture, $"{first + 1:N0}–{first + Rows.Count:N0} of {Total:N0}");
        }
    }

    /// <summary>The page of newer or earlier ones; null if there is none.</summary>
    public string? Previous => Query.Page > 1 ? (Query with { Page = Query.Page - 1 }).Href() : null;

    /// <summary>The next page; null if there is none.</summary>
    public string? Next => Query.Page * ListQuery.PageSize < Total ? (Query with { Page = Query.Page + 1 }).Href() : null;

    static ulong Nano(TraceSummary trace) => trace.EndUnixNano - trace.StartUnixNano;

    Choice Toggle(string text, FilterTerm term, string look = "") =>
        _filter.Terms.Contains(term) ? new(text, Without(term), true, look) : new(text, With(term), false, look);

    string With(FilterTerm term) => (Query with { Q = TraceFilter.Of([.. _filter.Terms, term]).ToString(), Page = 1 }).Href();

    string Without(FilterTerm term) => (Query with { Q = TraceFilter.Of(_filter.Terms.Where(other => other != term)).ToString(), Page = 1 }).Href();
}
