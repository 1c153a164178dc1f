using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Storefront.Telemetry;

/// <summary>A span around each page handler, and one around the view it renders.</summary>
public class HandlerSpanFilter : IAsyncPageFilter, IAsyncResultFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        // A page without a handler, such as the error page, has nothing to trace.
        if (context.HandlerMethod is not { } handler)
        {
            await next();
            return;
        }

        using var activity = ShopTelemetry.Source.StartActivity(
            $"page {context.ActionDescriptor.ViewEnginePath} {handler.MethodInfo.Name}");
        activity?.SetTag("dispatch.kind", "load");
        activity?.SetTag("code.function.name", $"{handler.MethodInfo.DeclaringType}.{handler.MethodInfo.Name}");
        activity?.SetTag("http.route", context.ActionDescriptor.AttributeRouteInfo?.Template);
        var executed = await next();
        activity?.SetTag("dispatch.result.type", executed.Exception is null ? "success" : "unknown_error");
        activity?.SetTag("dispatch.result.status", 200);
        if (executed.Exception is { } exception)
            activity?.Fail(exception);
    }

    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        using var activity = context.Result is PageResult && context.ActionDescriptor is PageActionDescriptor page
            ? ShopTelemetry.Source.StartActivity($"view {page.RelativePath}")
            : null;
        activity?.SetTag("dispatch.kind", "load").SetTag("dispatch.view.path", (context.ActionDescriptor as PageActionDescriptor)?.RelativePath);
        var executed = await next();
        if (executed.Exception is { } exception)
            activity?.Fail(exception);
    }
}
