using System.Globalization;
using Agent.Viewer.Pages.Slices;
using Agent.Viewer.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RazorSlices;

namespace Agent.Viewer.Pages;

/// <summary>The pages, for people who look.</summary>
static class ViewerPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        Assets.Map(routes);
        routes.MapGet("/", (HttpContext context, TraceStore store) => Page(context, List.Create(new ListPage(store, ListQuery.Of(context.Request.Query), TimeProvider.System))));
        routes.MapGet("/live", Live);
        routes.MapGet("/trace/{id}", (HttpContext context, string id, TraceStore store, ViewerOptions options, string? span, string? find, string? open, string? rows) =>
            store.Find(id) is { } trace
                ? Page(context, TraceView.Create(new TracePage(trace, store.State, options, span, find ?? "", open == "all", rows == "all")))
                : NotFound(context, store, $"There is no trace {id}", "It has not come (yet), or it was let go to make room for newer ones."));
        routes.MapGet("/trace/{id}/rows", (HttpContext context, string id, TraceStore store, ViewerOptions options, string? find, string? open) =>
            store.Find(id) is { } trace && new TracePage(trace, store.State, options, null, find ?? "", open == "all") is { } view
                ? Page(context, TraceBlocks.Create(new(view, view.OtherBlocks)))
                : NotFound(context, store, $"There is no trace {id}", "It was let go to make room for newer ones."));
        routes.MapGet("/trace/{id}/span/{span}", (HttpContext context, string id, string span, TraceStore store, ViewerOptions options) =>
            Span(store, id, span) is { } found
                ? Page(context, SpanView.Create(new SpanPage(found.Node, found.Analysis, options)))
                : NotFound(context, store, $"There is no span {span}", $"It is not in trace {id}, or that is not here any more."));
        routes.MapGet("/trace/{id}/span/{span}/json", (HttpContext context, string id, string span, TraceStore store) =>
            Span(store, id, span) is { } found
                ? Results.Bytes(SpanJson.Write(found.Node, found.Analysis), "application/json")
                : Results.NotFound());
        routes.MapGet("/trace/{id}/find", (string id, string? q, TraceStore store) =>
            store.Find(id) is { } trace ? Results.Text(q is { Length: > 0 } ? string.Join(' ', TracePage.Matches(trace, q)) : "", "text/plain") : Results.NotFound());
        routes.MapGet("/routes", (HttpContext context, TraceStore store) =>
            Page(context, RoutesView.Create(new(new("Routes", "routes", store.State), store.Routes(new TraceQuery())))));
        routes.MapGet("/route", (HttpContext context, TraceStore store, string? service, string? name, string? n) =>
            n is { Length: > 0 } && !uint.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? NotUnderstood(context, store, "n", n, $"a whole number up to {RoutePage.MostRequests}")
            : RoutePage.Of(store, service ?? "", name ?? "", int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var requests) ? requests : null) is { } page
                ? Page(context, RouteView.Create(page))
                : NotFound(context, store, $"There is no request {name} of {service}", "It has not come (yet), or its traces were let go to make room for newer ones."));
        routes.MapGet("/compare", Compare);
        routes.MapGet("/map", (HttpContext context, TraceStore store) =>
            Page(context, MapView.Create(new MapPage(new("Services", "map", store.State), store.Services(), [.. store.Dependencies().OrderByDescending(static call => call.Calls)]))));
    }

    static Task Compare(HttpContext context, TraceStore store, string? a, string? b, string? service, string? name, string? at)
    {
        if (at is { Length: > 0 } && ListQuery.Moment(at) is null)
            return NotUnderstood(context, store, "at", at, "a time, such as 2026-01-02T03:04:05Z");
        if (service is not null && name is not null && ListQuery.Moment(at) is { } moment)
        {
            return Comparisons.Route(store, service, name, moment) is { } page
                ? Page(context, CompareView.Create(page))
                : NotFound(context, store, $"There is nothing to compare of {name}", "All its requests here are on one side of that moment.");
        }

        var (first, second) = (a is null ? null : store.Find(a), b is null ? null : store.Find(b));
        if (first is not null && second is not null)
            return Page(context, CompareView.Create(Comparisons.Traces(store, first, second)));
        if (a is { Length: > 0 } && first is null || b is { Length: > 0 } && second is null)
            return NotFound(context, store, $"There is no trace {(first is null && a is { Length: > 0 } ? a : b)}", "It has not come (yet), or it was let go to make room for newer ones.");
        return Page(context, CompareChoice.Create(Comparisons.Choice(store, a ?? "", b ?? "")));
    }

    static (TraceNode Node, TraceAnalysis Analysis)? Span(TraceStore store, string traceId, string spanId) =>
        store.Find(traceId) is { } trace && trace.Nodes.FirstOrDefault(node => node.Span.SpanId == spanId) is { } node ? (node, new TraceAnalysis(trace)) : null;

    static Task NotFound(HttpContext context, TraceStore store, string head, string text) =>
        Page(context, Problem.Create(new(new("Not found", "none", store.State), head, text)), StatusCodes.Status404NotFound);

    static Task NotUnderstood(HttpContext context, TraceStore store, string parameter, string value, string expected) => Page(
        context,
        Problem.Create(new(new("Not understood", "none", store.State), "The address is not understood", $"The parameter {parameter} is '{StyledLine.Shorten(value, 200)}'; expected is {expected}.")),
        StatusCodes.Status400BadRequest);

    /// <summary>What of the list has changed since the version that the page has; 204 if nothing.</summary>
    static Task Live(HttpContext context, TraceStore store)
    {
        if (context.Request.Query["version"] == FormattableString.Invariant($"{store.Version}") && context.Request.Query["since"].Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        var page = new ListPage(store, ListQuery.Of(context.Request.Query), TimeProvider.System);
        return Page(context, LiveList.Create(page));
    }

    static async Task Page(HttpContext context, RazorSlice slice, int status = StatusCodes.Status200OK)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        await slice.RenderAsync(response.BodyWriter, VisibleEncoder.Instance, context.RequestAborted);
    }
}
