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
    // No script or style inside of a page runs, whatever a span says; nothing comes from elsewhere.
    const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Assets.Map(routes);
        routes.MapGet("/", (HttpContext context, TraceStore store) => Page(context, List.Create(new ListPage(store, ListQuery.Of(context.Request.Query), TimeProvider.System))));
        routes.MapGet("/live", Live);
        routes.MapGet("/trace/{id}", (HttpContext context, string id, TraceStore store, ViewerOptions options, string? span, string? find, string? open) =>
            store.Find(id) is { } trace
                ? Page(context, TraceView.Create(new TracePage(trace, store.State, options, span, find ?? "", open == "all")))
                : NotFound(context, store, $"There is no trace {id}", "It has not come (yet), or it was let go to make room for newer ones."));
        routes.MapGet("/trace/{id}/span/{span}", (HttpContext context, string id, string span, TraceStore store, ViewerOptions options) =>
            Span(store, id, span) is { } found
                ? Page(context, SpanView.Create(new SpanPage(found.Node, found.Analysis, options)))
                : NotFound(context, store, $"There is no span {span}", $"It is not in trace {id}, or that is not here any more."));
        routes.MapGet("/trace/{id}/span/{span}/json", (HttpContext context, string id, string span, TraceStore store) =>
            Span(store, id, span) is { } found
                ? Results.Bytes(SpanJson.Write(found.Node, found.Analysis), "application/json")
                : Results.NotFound());
        routes.MapGet("/trace/{id}/find", (string id, string q, TraceStore store) =>
            store.Find(id) is { } trace ? Results.Text(string.Join(' ', TracePage.Matches(trace, q)), "text/plain") : Results.NotFound());
    }

    static (TraceNode Node, TraceAnalysis Analysis)? Span(TraceStore store, string traceId, string spanId) =>
        store.Find(traceId) is { } trace && trace.Nodes.FirstOrDefault(node => node.Span.SpanId == spanId) is { } node ? (node, new TraceAnalysis(trace)) : null;

    static Task NotFound(HttpContext context, TraceStore store, string head, string text) =>
        Page(context, Problem.Create(new(new("Not found", "none", store.State), head, text)), StatusCodes.Status404NotFound);

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
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        await slice.RenderAsync(response.BodyWriter, VisibleEncoder.Instance, context.RequestAborted);
    }
}
