using Microsoft.AspNetCore.Mvc.Filters;

namespace Storefront.Telemetry;

/// <summary>A span around each page handler.</summary>
public class HandlerSpanFilter : IAsyncPageFilter
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
            $"{context.ActionDescriptor.ViewEnginePath} {handler.MethodInfo.Name}");
        var executed = await next();
        if (executed.Exception is { } exception)
            activity?.Fail(exception);
    }
}
