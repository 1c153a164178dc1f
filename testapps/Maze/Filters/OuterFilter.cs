using Microsoft.AspNetCore.Mvc.Filters;

namespace Maze.Filters;

sealed class OuterFilter : IAsyncActionFilter
{
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        using var _ = Recorder.Enter("filter Outer action");
        var visit = Visit.Of(context.HttpContext);
        await visit.Work();
        if (visit.Random.Next(6) == 0)
            context.Result = new MazeResult();
        else
            await next();
        await visit.Work();
    }
}
