using Microsoft.AspNetCore.Mvc.Filters;

namespace Maze.Filters;

sealed class WrapFilter : IAsyncResultFilter
{
    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        using var _ = Recorder.Enter("filter Wrap result");
        await next();
        var visit = Visit.Of(context.HttpContext);
        await visit.Work();
    }
}
