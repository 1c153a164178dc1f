using Microsoft.AspNetCore.Mvc.Filters;

namespace Library.Filters;

public sealed class TimingFilter(ILogger<TimingFilter> logger) : IAsyncActionFilter
{
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        using var activity = Spans.Filter("Timing", "action", "Library.Filters.TimingFilter.OnActionExecutionAsync");
        var start = TimeProvider.System.GetTimestamp();
        await next();
        logger.LogDebug("took {Time}", TimeProvider.System.GetElapsedTime(start));
    }
}
