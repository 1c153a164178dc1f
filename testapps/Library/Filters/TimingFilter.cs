using Microsoft.AspNetCore.Mvc.Filters;

namespace Library.Filters;

/// <summary>A global filter, made by the container: an asynchronous one around each action.</summary>
public sealed class TimingFilter(ILogger<TimingFilter> logger) : IAsyncActionFilter
{
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var start = TimeProvider.System.GetTimestamp();
        await next();
        logger.LogDebug("took {Time}", TimeProvider.System.GetElapsedTime(start));
    }
}
