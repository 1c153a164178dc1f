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
    }

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
