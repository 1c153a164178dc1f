using Microsoft.AspNetCore.Mvc.Filters;

namespace Maze.Filters;

sealed class ShelterFilter : IAsyncResourceFilter
{
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        using var _ = Recorder.Enter("filter Shelter resource");
        var visit = Visit.Of(context.HttpContext);
        await visit.Work();
        await next();
        await visit.Work();
    }
}
